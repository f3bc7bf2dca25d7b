// A backup of a server that takes mail all the while, put back on an empty machine: every message that was acknowledged before the backup
// began is delivered there or waits there, whole. The real program and its real files.

import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { deliveredIn, sendUntil } from '../support/mail-under-load.ts'
import { command, cordon, eventually, serve } from '../support/serve.ts'
import { sink } from '../support/smtp-sink.ts'
import { idOf, isWhole } from '../support/whole-message.ts'

const configOf = (far: number) => `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
forwards: { away@isp.example: [anna@far.example] }
routes: { far.example: { host: 127.0.0.1, port: ${far} } }
listeners: [{ kind: inbound, port: 0 }]
`
const MANY = 50
/** Mail for there waits. */
const NONE = 9
const TO = ['sink@isp.example', 'sink@isp.example', 'sink@isp.example', 'away@isp.example']

test('a backup under load, restored on an empty machine, has all that was acknowledged before it', async t => {
  const served = await serve(configOf(NONE))
  t.after(served.stop)
  const [port = 0] = served.ports
  const acknowledged = new Set<string>()
  const over = new AbortController()
  const clients = TO.map(to => sendUntil(over.signal, { port, to, acknowledged }))
  await eventually(() => (acknowledged.size > MANY ? true : undefined))
  const before = [...acknowledged]
  const copy = join(served.folder, 'copy')
  const made = await cordon(served.folder, 'backup', copy)
  assert.equal(made.code, 0, made.output)
  await eventually(() => (acknowledged.size > before.length ? true : undefined))
  over.abort()
  served.signal('SIGKILL')
  await Promise.all([served.ended, ...clients])
  assert.equal(statSync(copy).mode & 0o77, 0, 'keys are in it')

  const whole = await command('verify', copy)
  assert.match(whole.output, /is whole: \d+ files/)
  const farPort = await freePort()
  const far = await sink('127.0.0.1', farPort)
  t.after(far.stop)
  const restored = await serve(configOf(farPort), async folder => {
    const put = await cordon(folder, 'restore', copy)
    assert.equal(put.code, 0, put.output)
  })
  t.after(restored.stop)
  await cordon(restored.folder, 'queue', 'flush')
  const box = join(restored.folder, 'data/mailboxes/sink@isp.example/new')
  // smtp-sink ends what it writes down with an empty line, and may be writing now.
  const arrived = () =>
    [...[...deliveredIn(box).values()].flat(), ...far.taken()].filter(one =>
      isWhole(`${one.trimEnd()}\n`),
    )
  await eventually(() => {
    const there = new Set(arrived().map(idOf))
    return before.every(id => there.has(id)) || undefined
  })
  const said = await cordon(restored.folder, 'status')
  assert.match(said.output, /^faults +none$/m)
})

test('a damaged backup, a half of one and a folder in use are refused, and nothing is put back', async t => {
  const served = await serve(configOf(NONE))
  t.after(served.stop)
  const copy = join(served.folder, 'copy')
  const target = join(served.folder, 'target')
  assert.equal((await cordon(served.folder, 'backup', copy)).code, 0)
  const again = await cordon(served.folder, 'backup', copy)
  assert.match(again.output, /is not empty/)
  const restore = () => command('restore', copy, '--data', target)
  const key = join(copy, 'files/keys/dkim.pem')
  const sound = readFileSync(key)
  for (const [damage, words] of [
    [() => appendFileSync(key, 'x'), /keys\/dkim\.pem: it has \d+ bytes instead of/],
    [
      () => writeFileSync(key, Buffer.from(sound).fill(0x41, 40, 41)),
      /dkim\.pem: it has other bytes/,
    ],
    [() => rmSync(key), /dkim\.pem: it is missing/],
  ] as const) {
    damage()
    for (const said of [await restore(), await command('verify', copy)]) {
      assert.equal(said.code, 1)
      assert.match(said.output, words)
    }
    assert.ok(!existsSync(target))
    rmSync(key, { force: true })
    writeFileSync(key, sound)
  }
  mkdirSync(target)
  writeFileSync(join(target, 'mine'), '')
  assert.match((await restore()).output, /is not empty/)
  assert.deepEqual(readdirSync(target), ['mine'])
  rmSync(join(copy, 'backup.json'))
  assert.match((await restore()).output, /no backup, or one that was not finished/)
})
