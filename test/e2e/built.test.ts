// What `npm run build` makes: the same for the same source, complete wherever it is put, and every thread of the program runs from it.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { buildProgram, ownFiles } from '../../tools/build.ts'
import { answerIn, questionOf } from '../support/dns-question.ts'
import { zipOf } from '../support/hostile-archives.ts'
import { eventually, run, type Served, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'
import { submits } from '../support/submitter.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-built-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const built = join(folder, 'elsewhere')
/** The name of each file that a process or thread of the program read as code, a line each. */
const read = join(folder, 'read')

/** They need a machine of their own: namespaces and routers, as `cordon lab` builds. */
const OF_THE_LAB = ['home-machine.ts', 'outside-world.ts']

before(async () => {
  await buildProgram(join(folder, 'first'))
  renameSync(join(folder, 'first'), built)
  writeFileSync(read, '')
  const preloaded = join(folder, 'preloaded.cjs')
  writeFileSync(
    preloaded,
    `const { appendFileSync } = require('node:fs')
    require('node:module').registerHooks({ load(url, context, next) {
      appendFileSync(${JSON.stringify(read)}, url.split('/').at(-1) + '\\n')
      return next(url, context)
    } })`,
  )
  process.env.NODE_OPTIONS = `--require=${preloaded}`
})

const cordonBuilt = async (...args: readonly string[]) => {
  const { code, output } = await run(process.execPath, [join(built, 'cordon.js'), ...args])
  assert.equal(code, 0, output)
  return output
}

test('the same source gives the same bytes, without tests, and with the licence of every package', async () => {
  const again = join(folder, 'again')
  await buildProgram(again)
  const names = readdirSync(built).toSorted()
  assert.deepEqual(readdirSync(again).toSorted(), names)
  for (const name of names)
    assert.ok(readFileSync(join(built, name)).equals(readFileSync(join(again, name))), name)
  const text = names
    .filter(name => name.endsWith('.js'))
    .map(name => readFileSync(join(built, name), 'utf8'))
    .join('\n')
  assert.doesNotMatch(text, /from "node:test"/)
  const licences = readFileSync(join(built, 'THIRD-PARTY-LICENSES'), 'utf8')
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  for (const [name, version] of Object.entries(dependencies))
    assert.ok(licences.includes(`\n${name} ${version}, `), name)
  assert.match(licences, /Permission is hereby granted, free of charge/)
})

test('it takes mail, and every kind of thread runs from it', async t => {
  const hash = await hashPassword('secret', { memory: 8, passes: 1 })
  const served = await serve(config(hash), undefined, { tree: built })
  t.after(served.stop)
  const [submission = 0, inbound = 0] = served.ports
  const mail = { port: submission, login: 'anna@isp.example', to: ['bob@meadow.example'] }
  assert.match(await submits(mail), /^250 /)
  // Its archive is listed, and the DNS of its sender asked.
  assert.match(await strangerSends(inbound, WITH_A_PROGRAM), /^554 5\.7\.1 \[attachment\]/)
  assert.equal(await askList(served), 'dnsbl.isp.example')
  const data = ['--data', join(served.folder, 'data')]
  assert.match(await cordonBuilt('queue', 'list', ...data), /bob@meadow\.example/)
  await eventually(async () =>
    /attachment/.test(await cordonBuilt('events', 'address:198.51.100.7', ...data))
      ? true
      : undefined,
  )
  const file = join(served.folder, 'cordon.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('refuses', 'judges'))
  assert.match(await cordonBuilt('reload', ...data), /provider/)
  await cordonBuilt('simulate', ...ONE_PERSON)
  await served.end()
  assert.deepEqual(await served.ended, [0, null])
  const missing = ownFiles()
    .map(path => basename(path))
    .filter(name => !OF_THE_LAB.includes(name))
    .filter(name => !readFileSync(read, 'utf8').includes(`${name.replace('.ts', '.js')}\n`))
  assert.deepEqual(missing, [])
})

test('bin/cordon.mjs runs what was built, also where Node strips no types: installed below node_modules', async () => {
  const installed = join(folder, 'node_modules/cordon')
  cpSync('bin', join(installed, 'bin'), { recursive: true })
  cpSync(built, join(installed, 'dist'), { recursive: true })
  const { code, output } = await run(process.execPath, [
    join(installed, 'bin/cordon.mjs'),
    '--version',
  ])
  assert.equal(code, 0, output)
  assert.match(output, /^\d+\.\d+\.\d+\n$/)
})

const config = (hash: string) => `
hostname: mail.isp.example
provider: One that refuses
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
doorThreads: 2
resolvers: ["127.0.0.1:1"]
rules: { attachment: enforce }
list: { zone: dnsbl.isp.example, port: 0 }
listeners:
  - { kind: submission, port: 0 }
  - { kind: inbound, port: 0, trustedXclient: [127.0.0.1] }
subscribers: [{ id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }]
`

const WITH_A_PROGRAM = `From: a@meadow.example
Subject: files
Content-Type: application/octet-stream; name="holiday.zip"
Content-Transfer-Encoding: base64

${zipOf([{ name: 'run.exe', data: Buffer.from('MZ') }]).toString('base64')}
`

const ONE_PERSON = ['--only', 'ordinary', '--people', '1', '--years', '1', '--runs', '1']

/** The zone of the list, as the answer names it. */
async function askList(served: Served): Promise<string> {
  const [, port = ''] = /^list .* port (\d+)$/m.exec(served.said) ?? []
  const socket = createSocket('udp4')
  try {
    const question = questionOf('dnsbl.isp.example', { type: 6 })
    socket.send(question, Number(port), '127.0.0.1')
    const [bytes] = (await once(socket, 'message')) as [Buffer]
    return answerIn(bytes).name
  } finally {
    socket.close()
  }
}
