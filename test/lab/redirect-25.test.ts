// Port 25 redirected on a real router, and what it means for people and for bots: msmtp with certificates checked, swaks, a real
// Postfix whose queue waits, and a server of another provider.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { parseConfig } from '../../src/config/load.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { baseTable } from '../../src/drivers/network/nftables/base-table.ts'
import { inside, leasesOf, type Network, startNetwork } from '../support/namespaces.ts'
import { postfix } from '../support/postfix.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

const [SUSPECT, PERSON] = [0, 1]
/** Somebody else's server, by both families. */
const FAR = ['203.0.113.200', '2001:db8:f::200'] as const

const CONFIG = (redirect25: string) => `
hostname: mail.isp.example
domains: [isp.example]
portal: portal.isp.example
listeners: [{ kind: redirected, address: "::", port: 2587 }]
routes: { "*": { host: 127.0.0.1, port: 1 } }
holdDelivery: true
nftables:
  # Nobody's port 25 is closed here unless something is said.
  - consumers: []
    redirect25: ${redirect25}
    redirectTo: { addresses: [203.0.113.1, "2001:db8:f::1"], port: 2587 }
subscribers:
  - { id: suspect, logins: [{ name: anna@isp.example, passwordHash: "HASH" }] }
  - { id: person, plan: expert, logins: [{ name: bert@isp.example }] }
leases:
${['suspect', 'person'].flatMap((id, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${id} }`)).join('\n')}
`

type Mail = {
  readonly port: number
  readonly user?: string
  readonly secure: boolean
  readonly text: string
}

let network: Network
let served: Served
const folder = mkdtempSync(join(tmpdir(), 'cordon-redirected-'))
const taken: Mail[] = []
const started: ChildProcess[] = []

before(async () => {
  network = startNetwork(2)
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mail.far.example -addext subjectAltName=DNS:mail.far.example -keyout ${key} -out ${cert}`
  assert.equal((await run('openssl', words.split(' '))).code, 0)
  const far = inside(
    network.outside,
    process.execPath,
    join(import.meta.dirname, 'far-provider.ts'),
    key,
    cert,
  )
  started.push(far)
  assert.ok(far.stdout)
  await new Promise<void>(resolve => {
    createInterface({ input: far.stdout as NodeJS.ReadableStream }).on('line', line => {
      if (line === 'ready') resolve()
      else taken.push(JSON.parse(line) as Mail)
    })
  })
})
after(async () => {
  for (const one of started) one.kill('SIGKILL')
  await served?.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(redirect25: string): Promise<void> {
  const hash = await hashPassword('our secret', { memory: 8, passes: 1 })
  const config = CONFIG(redirect25).replace('HASH', hash)
  const [table] = parseConfig(config).nftables
  assert.ok(table)
  const file = join(folder, 'base.nft')
  writeFileSync(file, baseTable(table))
  network.run(network.router, 'nft', '-f', file)
  served = await serve(config, undefined, { under: () => network.router.inside })
}

async function order(...words: readonly string[]): Promise<string> {
  const { code, output } = await cordon(served.folder, ...words)
  assert.equal(code, 0, output)
  return output
}

/** Runs a program in somebody's home. */
function at(home: number, program: string, args: readonly string[], input = '') {
  const [first = '', ...rest] = [...(network.homes[home]?.inside ?? []), program, ...args]
  return run(first, rest, input)
}

/** As a careful person has set it up, for another provider's port 25. */
async function msmtp(home: number, host: string, password: string) {
  const file = join(folder, `msmtprc-${home}`)
  writeFileSync(
    file,
    `account default
host ${host}
port 25
from bert@far.example
auth plain
user bert
password "${password}"
tls on
tls_starttls on
tls_trust_file ${folder}/cert.pem
tls_host_override mail.far.example
timeout 10
`,
    { mode: 0o600 },
  )
  return at(home, 'msmtp', ['-C', file, 'friend@meadow.example'], `Subject: by ${host}\n\nhello\n`)
}

/** As bots do: no greeting of its own, no password. */
const bot = (home: number, host: string) =>
  at(home, 'swaks', [
    '--server',
    host,
    '--port',
    '25',
    '--from',
    'x@bot.example',
    '--to',
    'victim@meadow.example',
    '--timeout',
    '10',
  ])

test('same-server: a person’s mail gets through with certificate and password as they are; a bot’s does not', async () => {
  await start('same-server')
  // Before: the port is open, and a bot in that home is heard.
  assert.equal((await bot(SUSPECT, FAR[0])).code, 0)
  assert.equal(taken.length, 1)
  await order('incident', 'impose', 'line:suspect', 'redirect-25', '--why', 'a test')
  for (const host of FAR) {
    const refused = await bot(SUSPECT, host)
    assert.notEqual(refused.code, 0)
    assert.match(refused.output, /530|authentication/i)
    const sent = await msmtp(SUSPECT, host, 'far secret')
    assert.equal(sent.code, 0, sent.output)
    const wrong = await msmtp(SUSPECT, host, 'guessed')
    assert.match(wrong.output, /authentication failed/)
  }
  await eventually(() => (taken.length === 3 ? true : undefined))
  assert.deepEqual(
    taken.slice(1).map(({ port, user, secure }) => [port, user, secure]),
    [
      [587, 'bert', true],
      [587, 'bert', true],
    ],
  )
  // Everybody else's port 25 is as it was.
  assert.equal((await bot(PERSON, FAR[0])).code, 0)
  await served.stop()
})

test('our-server: our password gets through, a foreign one is nobody’s business, and a real server’s queue waits for the release', async t => {
  await start('our-server')
  // An expert's port is never redirected to us, and nobody's for longer than a day.
  for (const words of [
    ['line:person', 'redirect-25'],
    ['line:suspect', 'redirect-25', '--hours', '25'],
  ])
    assert.equal(
      (await cordon(served.folder, 'incident', 'impose', ...words, '--why', 'a test')).code,
      1,
    )
  taken.splice(0)
  await order('incident', 'impose', 'line:suspect', 'redirect-25', '--why', 'a test')
  const mail = [
    '--server',
    FAR[0],
    '--port',
    '25',
    '--to',
    'friend@meadow.example',
    '--timeout',
    '10',
  ]
  const login = (user: string, password: string) =>
    at(SUSPECT, 'swaks', [
      ...mail,
      '--from',
      'anna@isp.example',
      '-tls',
      '--auth',
      'PLAIN',
      '--auth-user',
      user,
      '--auth-password',
      password,
    ])
  const ours = await login('anna@isp.example', 'our secret')
  assert.equal(ours.code, 0, ours.output)
  assert.match(ours.output, /220 mail\.isp\.example/)
  const foreign = await login('bert@far.example', 'far secret')
  assert.notEqual(foreign.code, 0)
  const own = await login('anna@isp.example', 'guessed')
  assert.notEqual(own.code, 0)
  // A mail server in that home, which knows no password.
  const server = await postfix({
    relayPort: 1,
    under: network.homes[SUSPECT]?.inside ?? [],
    more: `relayhost = [${FAR[0]}]:25`,
  })
  t.after(server.stop)
  const handed = await eventually(async () => {
    const { code } = await at(SUSPECT, 'swaks', [
      '--server',
      '127.0.0.1',
      '--port',
      String(server.port),
      '--from',
      'cat@own.example',
      '--to',
      'friend@meadow.example',
    ])
    return code === 0 ? true : undefined
  })
  assert.ok(handed)
  const log = () => readFileSync(server.log ?? '', 'utf8')
  await eventually(() =>
    /status=deferred .*450 4\.7\.1 \[redirected\]/.test(log()) ? true : undefined,
  )
  assert.deepEqual(taken, [])
  await release('suspect')
  // Its own next attempt, some seconds later.
  await eventually(() => (taken.length > 0 ? true : undefined))
  assert.deepEqual(
    taken.map(({ port }) => port),
    [25],
  )
  // Our own account's logins stand in the journal; a foreign one's stand nowhere, and are no evidence.
  const journal = await eventually(async () => {
    const { output } = await run('sh', ['-c', `zcat -f ${served.folder}/data/journal/*.gz; true`])
    return output.includes('"decision-ended"') ? output : undefined
  })
  const logins = journal.split('\n').filter(line => line.includes('"link-auth"'))
  assert.ok(logins.some(line => line.includes('anna@isp.example')))
  assert.doesNotMatch(journal, /bert@far\.example/)
  const evidence = journal.split('\n').filter(line => line.includes('"evidence-weighed"'))
  // The one message that was taken said a little, as every message to somebody new.
  assert.ok(evidence.every(line => line.includes('"cell":"message/clean/')))
})

async function release(line: string): Promise<void> {
  const { rows: all } = JSON.parse(await order('incident', 'list', '--json')) as {
    rows: { id: string; subscriber: string }[]
  }
  await order('incident', 'release', all.find(one => one.subscriber === line)?.id ?? '')
}
