// `cordon who-spams` on logs that real servers wrote: what strangers say forges nothing, and a stolen login is named.

import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readLogs } from '../../src/app/who-spams/read-logs.ts'
import { exim } from '../support/exim.ts'
import { forgesNothing, sends } from '../support/forged-log.ts'
import { freePort } from '../support/free-port.ts'
import { postfix } from '../support/postfix.ts'
import { CLI } from '../support/program.ts'
import { eventually, run } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'

let next: Sink
let relayPort: number
let folder: string

before(async () => {
  relayPort = await freePort()
  next = await sink('127.0.0.1', relayPort)
  folder = mkdtempSync(join(tmpdir(), 'cordon-who-spams-'))
})
after(() => {
  next.stop()
  rmSync(folder, { recursive: true })
})

test('Postfix: a stranger forges no login, recipient or answer', async t => {
  const peer = await postfix({ relayPort })
  t.after(peer.stop)
  await forgesNothing(t, peer, next)
})

test('Exim: a stranger forges no login, recipient or answer', async t => {
  const peer = await exim({ relayPort, acl: 'log_selector = +received_recipients +millisec +pid' })
  t.after(peer.stop)
  await forgesNothing(t, peer, next)
})

test('Exim: a login is read, and wrong passwords are counted', async t => {
  const peer = await exim({
    relayPort,
    acl: 'begin authenticators\nfixed_plain:\n  driver = plaintext\n  public_name = PLAIN\n  server_condition = ${if eq{$auth3}{secret}}\n  server_set_id = $auth2',
  })
  t.after(peer.stop)
  const auth = (password: string) =>
    `AUTH PLAIN ${Buffer.from(`\0anna@isp.example\0${password}`).toString('base64')}`
  const first = (password: string) => ['EHLO home.example', auth(password)]
  const before = next.taken().length
  assert.ok(await sends(peer.port, { first: first('secret'), from: 'anna@isp.example' }))
  assert.ok(!(await sends(peer.port, { first: first('guess') })))
  await eventually(() => (next.taken().length > before ? true : undefined))
  await eventually(() =>
    readFileSync(peer.log ?? '', 'utf8').includes('Completed') ? true : undefined,
  )
  const { senders, guessers } = await readLogs([peer.log ?? ''], { now: Date.now(), since: 0 })
  assert.deepEqual(
    senders.all().map(({ who, messages }) => [who.kind, who.name, messages]),
    [['login', 'anna@isp.example', 1]],
  )
  assert.deepEqual(guessers, [['127.0.0.1', 1]])
})

test('Postfix: a stolen login is named from its log, each message from another network', async t => {
  const peer = await postfix({
    relayPort,
    more: 'smtpd_authorized_xclient_hosts = 127.0.0.0/8\nmynetworks = 0.0.0.0/0',
  })
  t.after(peer.stop)
  const before = next.taken().length
  for (let i = 0; i < 6; i++)
    assert.ok(
      await sends(peer.port, {
        first: [
          'EHLO x.example',
          `XCLIENT ADDR=${20 + i}.${7 * i}.1.1 NAME=[UNAVAILABLE] LOGIN=anna@isp.example`,
        ],
        from: 'anna@isp.example',
        to: `victim${i}@d${i}.example`,
      }),
    )
  await eventually(() => (next.taken().length >= before + 6 ? true : undefined))
  await eventually(() =>
    (readFileSync(peer.log ?? '', 'utf8').match(/: removed/g)?.length ?? 0) >= 6 ? true : undefined,
  )
  const file = join(folder, 'mail.log')
  copyFileSync(peer.log ?? '', file)
  const done = await run(process.execPath, [CLI, 'who-spams', '--json', file])
  assert.equal(done.code, 0, done.output)
  const { rows } = JSON.parse(done.output) as {
    rows: { who: string; networks: number; verdict: string }[]
  }
  assert.deepEqual(
    rows.map(({ who, networks, verdict }) => [who, networks, verdict]),
    [['anna@isp.example', 6, 'worth a look']],
    readFileSync(file, 'utf8'),
  )
  const text = await run(process.execPath, [
    CLI,
    'who-spams',
    '--explain',
    'Anna@isp.example',
    file,
  ])
  assert.match(text.output, /mail\.log:\d+: .*sasl_username=anna@isp\.example/)
  const stranger = await run(process.execPath, [CLI, 'who-spams', '--explain', 'boss', file])
  assert.equal(stranger.code, 2)
})
