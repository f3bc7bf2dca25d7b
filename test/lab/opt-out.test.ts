// Opt-outs of port 25, on a real router: with a second factor (oathtool), from the customer's own line (curl), a mail
// server that is looked at (Postfix, once as an open relay), and named servers of another provider. A finding takes it away.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { parseConfig } from '../../src/config/load.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { baseTable } from '../../src/drivers/network/nftables/base-table.ts'
import {
  type Caller,
  callerIn,
  inside,
  leasesOf,
  listenThere,
  type Network,
  startNetwork,
} from '../support/namespaces.ts'
import { codeOf, type Visit, visit } from '../support/portal-visit.ts'
import { postfix } from '../support/postfix.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'

const PORTAL = 'http://203.0.113.1:8088/'
const NAMES = ['anna', 'bert', 'carl'] as const
const [ANNA, BERT, CARL] = [0, 1, 2]
const [ELSEWHERE, OTHER] = ['203.0.113.200', '203.0.113.201']

const CONFIG = (dns: string, hash: string) => `
hostname: mail.isp.example
domains: [isp.example]
leaseSkew: 0s
resolvers: ["${dns}"]
portal: portal.isp.example
optOut: { hook: { url: "http://127.0.0.1:9090/hook", secret: "sixteen characters or more" } }
http: { portal: { address: 203.0.113.1, port: 8088 }, console: { port: 0 } }
nftables:
  - consumers: [198.51.100.0/24, "2001:db8:100::/40"]
    expertRate: 60
subscribers:
${NAMES.map(id => `  - { id: ${id}, portalPasswordHash: "${hash}", logins: [{ name: ${id}@isp.example }] }`).join('\n')}
leases:
${NAMES.flatMap((id, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${id} }`)).join('\n')}
`

let network: Network
let served: Served
let dns: LocalDns
let callers: Caller[]
const started: ChildProcess[] = []
/** What the operator's own systems were told. */
const news: { body: string; signature: string }[] = []

before(async () => {
  network = startNetwork(NAMES.length)
  network.run(network.outside, 'ip', 'addr', 'add', `${OTHER}/24`, 'dev', 'uplink')
  network.run(network.outside, 'ip', 'addr', 'add', '2001:db8:f::201/64', 'dev', 'uplink', 'nodad')
  started.push(await listenThere(network.outside, [25, 587]))
  dns = await localDns(
    [
      'mail.anna.example. A 198.51.100.2',
      'mail.wrong.example. A 203.0.113.99',
      `smtp.provider.example. A ${ELSEWHERE}`,
      'smtp.provider.example. AAAA 2001:db8:f::200',
    ],
    [],
    network.router.inside,
  )
  const hash = await hashPassword('portal secret', { memory: 8, passes: 1 })
  const config = CONFIG(dns.server, hash)
  const [table] = parseConfig(config).nftables
  assert.ok(table)
  served = await serve(
    config,
    async folder => writeFileSync(join(folder, 'base.nft'), baseTable(table)),
    {
      under: folder => {
        network.run(network.router, 'nft', '-f', join(folder, 'base.nft'))
        return network.router.inside
      },
    },
  )
  callers = network.homes.map(callerIn)
  const hook = inside(
    network.router,
    process.execPath,
    '-e',
    `require('node:http').createServer((q, a) => { let body = ''; q.on('data', d => body += d).on('end', () => { console.log(JSON.stringify({ body, signature: q.headers['cordon-signature'] })); a.end() }) }).listen(9090, '127.0.0.1')`,
  )
  started.push(hook)
  if (hook.stdout)
    createInterface({ input: hook.stdout }).on('line', line =>
      news.push(JSON.parse(line) as (typeof news)[number]),
    )
})
after(async () => {
  for (const caller of callers ?? []) caller.stop()
  for (const one of started) one.kill('SIGKILL')
  await served?.stop()
  dns?.stop()
  network?.stop()
})

const call = (home: number, address: string, port = 25) => callers[home]?.call(address, port)
const at = (home: number) => visit(PORTAL, network.homes[home]?.inside)

/** The newest letter to somebody, once there are so many. */
async function letter(name: string, count: number): Promise<string> {
  const folder = join(served.folder, 'data', 'mailboxes', `${name}@isp.example`, 'new')
  const files = await eventually(() => {
    try {
      const found = readdirSync(folder).toSorted()
      return found.length >= count ? found : undefined
    } catch {
      return undefined
    }
  })
  const texts = files.map(file => readFileSync(join(folder, file), 'utf8'))
  return texts.toSorted((a, b) => dateOf(a) - dateOf(b)).at(-1) ?? ''
}
const dateOf = (text: string) => Date.parse(/^Date: (.*)$/m.exec(text)?.[1] ?? '')

/** Logged in, with a second factor that has given one code. */
async function withFactor(home: number): Promise<{ person: Visit; secret: string }> {
  const person = at(home)
  await person.login(NAMES[home] ?? '', 'portal secret')
  assert.match(
    await person.post('ask-opt-out', { optOut: 'destinations', destinations: ELSEWHERE }),
    /set up a second factor first/,
  )
  const secret = /class="secret">([A-Z2-7]{32})</.exec(await person.send('begin-factor'))?.[1] ?? ''
  assert.match(await person.post('confirm-factor', { factor: '000000' }), /not the code/)
  assert.match(
    await person.post('confirm-factor', { factor: await codeOf(secret, -30) }),
    /is set up/,
  )
  return { person, secret }
}

test('named servers of another provider: open within a second, to them and to nobody else', async () => {
  const { person, secret } = await withFactor(BERT)
  const ask = { optOut: 'destinations', destinations: 'smtp.provider.example' }
  assert.match(await person.post('ask-opt-out', { ...ask, factor: '123456' }), /not right/)
  const said = await person.post('ask-opt-out', { ...ask, factor: await codeOf(secret) })
  assert.match(said, /written to b…@isp\.example/)
  const code =
    /^ {4}([0-9A-Z]{4}-[0-9A-Z]{4})$/m.exec((await letter('bert', 1)).replaceAll('\r', ''))?.[1] ??
    ''
  const id = /name="id" value="([^"]+)"/.exec(await person.page())?.[1] ?? ''
  assert.match(
    await person.post('confirm-opt-out', { id, proof: 'AAAA-AAAA' }),
    /not the code of our letter/,
  )
  // From a neighbour's line, even with everything known.
  const thief = at(CARL)
  assert.match(await thief.login('bert', 'portal secret', await codeOf(secret, 30)), /Log out/)
  assert.match(
    await thief.post('confirm-opt-out', { id, proof: code }),
    /from your own connection: you come from 198\.51\.100\.10/,
  )
  assert.equal(await call(BERT, ELSEWHERE), 'ECONNREFUSED')
  const opened = callers[BERT]?.until(ELSEWHERE, 25)
  const asked = Date.now()
  assert.match(
    await person.post('confirm-opt-out', { id, proof: code.toLowerCase() }),
    /Port 25 is open: to smtp\.provider\.example, and to nobody else/,
  )
  const change = await opened
  assert.equal(change?.answer, '25')
  console.log(`open ${(change?.at ?? 0) - asked} ms after the form was sent`)
  assert.equal(await call(BERT, '2001:db8:f::200'), '25')
  assert.equal(await call(BERT, OTHER ?? ''), 'ECONNREFUSED')
  assert.equal(await call(BERT, '2001:db8:f::201'), 'ECONNREFUSED')
  assert.match(
    (await cordon(served.folder, 'opt-out')).output,
    /bert .*open .*to smtp\.provider\.example/,
  )
  // Whole comparison against the router finds nothing to change, and a code is good once.
  assert.match(await person.post('confirm-opt-out', { id, proof: code }), /nothing to confirm/)
})

test('an own mail server: not where its name leads elsewhere, not as an open relay; then open, at the rate agreed on', async t => {
  const { person, secret } = await withFactor(ANNA)
  const ask = async (serverName: string, seconds: number) => {
    const factor = await codeOf(secret, seconds)
    return person.post('ask-opt-out', { optOut: 'own-server', serverName, factor })
  }
  const confirm = async (count: number) => {
    const proof =
      /^ {4}([0-9A-Z]{4}-[0-9A-Z]{4})$/m.exec(
        (await letter('anna', count)).replaceAll('\r', ''),
      )?.[1] ?? ''
    const id = /name="id" value="([^"]+)"/.exec(await person.page())?.[1] ?? ''
    return { id, proof }
  }
  assert.match(await ask('mail', 0), /full name of your mail server/)
  assert.match(await ask('mail.anna.example', 0), /We have written/)
  const mine = await confirm(1)
  // It relays for everybody.
  const home = network.homes[ANNA]
  assert.ok(home)
  const relay = await postfix({
    relayPort: 1,
    under: home.inside,
    more: 'mynetworks = 0.0.0.0/0\ninet_interfaces = all\nsmtpd_peername_lookup = no\n',
    listen: '198.51.100.2:25',
  })
  t.after(relay.stop)
  assert.match(
    await person.post('confirm-opt-out', mine),
    /sends mail on for strangers \(it took MAIL FROM/,
  )
  assert.equal(await call(ANNA, ELSEWHERE), 'ECONNREFUSED')
  await relay.stop()
  const proper = await postfix({
    relayPort: 1,
    under: home.inside,
    more: 'inet_interfaces = all\nsmtpd_peername_lookup = no\n',
    listen: '198.51.100.2:25',
  })
  t.after(proper.stop)
  assert.match(
    await person.post('confirm-opt-out', mine),
    /Port 25 is open: your own mail server mail\.anna\.example.*At most 60 connections an hour.*we have been asked to set it/,
  )
  assert.equal(await call(ANNA, ELSEWHERE), '25')
  assert.equal(await call(ANNA, '2001:db8:f::201'), '25')
  assert.match(
    (await cordon(served.folder, 'opt-out')).output,
    /anna .*wanted .*own server mail\.anna\.example 198\.51\.100\.2/,
  )
  assert.equal(
    (await cordon(served.folder, 'opt-out', 'reverse-dns-set', await idOf('anna'))).code,
    0,
  )
  // More than the burst of an hour's rate is refused for a while.
  const answers: (string | undefined)[] = []
  for (let i = 0; i < 25; i++) answers.push(await call(ANNA, ELSEWHERE))
  assert.ok(answers.includes('25') && answers.includes('ECONNREFUSED'), answers.join(' '))
})

async function idOf(subscriber: string): Promise<string> {
  const { output } = await cordon(served.folder, 'opt-out', '--json')
  const { rows } = JSON.parse(output) as { rows: { id: string; subscriber: string }[] }
  return rows.find(one => one.subscriber === subscriber)?.id ?? ''
}

test('a finding takes it away, and for a week nothing is opened', async () => {
  const impose = await cordon(
    served.folder,
    'incident',
    'impose',
    'line:bert',
    'isolate',
    '--why',
    'a test',
  )
  assert.equal(impose.code, 0, impose.output)
  await eventually(async () =>
    (await cordon(served.folder, 'opt-out', '--all')).output.includes('ended (finding)')
      ? true
      : undefined,
  )
  assert.equal(await call(BERT, ELSEWHERE), 'ECONNREFUSED')
  const { output } = await cordon(served.folder, 'incident', 'list', '--json')
  const { rows: all } = JSON.parse(output) as { rows: { id: string; subscriber: string }[] }
  await cordon(
    served.folder,
    'incident',
    'release',
    all.find(one => one.subscriber === 'bert')?.id ?? '',
  )
  assert.equal(await call(BERT, ELSEWHERE), 'ECONNREFUSED')
  assert.equal(await call(BERT, ELSEWHERE, 587), '587')
  const person = at(BERT)
  assert.equal((await cordon(served.folder, 'subscriber', 'reset-factor', 'bert')).code, 0)
  await person.login('bert', 'portal secret')
  assert.match(
    await person.post('ask-opt-out', {
      optOut: 'destinations',
      destinations: ELSEWHERE ?? '',
      factor: '',
    }),
    /found to send spam\. Port 25 can be opened from \d{4}-\d\d-\d\d on/,
  )
  assert.match(await letter('bert', 4), /\S/)
})

test('the operator’s own systems hear of it, signed', async () => {
  const told = await eventually(() => {
    const all = news.map(({ body }) => JSON.parse(body) as { news: string; subscriber: string })
    return all.length >= 4 ? all : undefined
  })
  assert.deepEqual(
    told.map(one => `${one.subscriber} ${one.news}`),
    ['bert opened', 'anna opened', 'anna reverse-dns-wanted', 'bert ended'],
  )
  const [first] = news
  const [, at = '', signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(first?.signature ?? '') ?? []
  const wanted = createHmac('sha256', 'sixteen characters or more').update(`${at}.${first?.body}`)
  assert.equal(signature, wanted.digest('hex'))
})
