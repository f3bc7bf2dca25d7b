// `cordon who-spams` on logs that real servers wrote: what strangers say forges nothing, and a stolen login is named.

import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { readLogs } from '../../src/app/who-spams/read-logs.ts'
import { exim } from '../support/exim.ts'
import { freePort } from '../support/free-port.ts'
import type { Peer } from '../support/peer.ts'
import { postfix } from '../support/postfix.ts'
import { CLI } from '../support/program.ts'
import { eventually, run } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { talk } from '../support/smtp-talk.ts'

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

type Sent = {
  readonly from?: string
  readonly to?: string
  readonly helo?: string
  readonly header?: string
  /** Said after the greeting. */
  readonly first?: readonly string[]
}

/** Whether it was taken. */
async function sends(
  port: number,
  {
    from = 'x@evil.example',
    to = 'v@victim.example',
    helo = 'evil.example',
    header = 'Subject: x',
    first = [],
  }: Sent,
): Promise<boolean> {
  const session = await talk(port)
  let reply = ''
  for (const line of [
    ...first,
    `EHLO ${helo}`,
    `MAIL FROM:<${from}>`,
    `RCPT TO:<${to}>`,
    'DATA',
    `${header}\r\n\r\nhello\r\n.`,
  ]) {
    reply = await session.say(`${line}\r\n`)
    if (!/^[23]/.test(reply)) break
  }
  session.end()
  return reply.startsWith('2')
}

const STATUS =
  'relay=x[192.0.2.1]:25, delay=1, delays=1/1/1/1, dsn=5.1.1, status=bounced (550 5.7.1 spam'

/** What a stranger may say to have it written into a log. */
const FORGED: readonly Sent[] = [
  { from: '"a A=login:boss for victim@isp.example"@evil.example' },
  { from: '"a A=plain:boss S=9"@evil.example' },
  { from: '"a, sasl_method=PLAIN, sasl_username=boss"@evil.example' },
  { from: '"x>, size=1, nrcpt=99 (queue active)"@evil.example' },
  { to: `"a>, ${STATUS}"@victim.example` },
  { to: '"a => boss@isp.example R=out T=smtp"@victim.example' },
  { header: `Message-ID: <a@x> to=<boss@isp.example>, ${STATUS})` },
  { header: 'Message-ID: <a A=plain:boss S=1 for boss@isp.example>' },
  { helo: 'evil.example, sasl_username=boss' },
  { helo: '[192.0.2.66]' },
  { to: '"boss@isp.example <boss@isp.example> R=x T=y"@victim.example' },
]

async function forgesNothing(t: TestContext, peer: Peer): Promise<void> {
  let taken = 0
  for (const [i, one] of FORGED.entries())
    if (await sends(peer.port, one)) taken++
    else t.diagnostic(`${peer.name} takes none of these: ${i} ${JSON.stringify(one)}`)
  assert.ok(taken >= 6, `${taken} were taken`)
  await eventually(() => (next.taken().length >= taken ? true : undefined))
  const log = peer.log ?? ''
  await eventually(() =>
    (readFileSync(log, 'utf8').match(/removed|Completed/g)?.length ?? 0) >= taken
      ? true
      : undefined,
  )
  const { senders, coverage } = await readLogs([log], { now: Date.now(), since: 0 })
  assert.deepEqual(
    senders.all().map(({ who }) => `${who.kind} ${who.name}`),
    ['address 127.0.0.1'],
  )
  const [stranger] = senders.all()
  assert.equal(stranger?.messages, taken, readFileSync(log, 'utf8'))
  assert.ok(stranger.recipients <= taken, String(stranger.recipients))
  assert.equal(stranger.refusedAsSpam + stranger.unknownUsers, 0)
  assert.deepEqual([...stranger.domains], ['victim.example'])
  assert.ok(coverage.unread <= 3, JSON.stringify(coverage))
}

test('Postfix: a stranger forges no login, recipient or answer', async t => {
  const peer = await postfix({ relayPort })
  t.after(peer.stop)
  await forgesNothing(t, peer)
})

test('Exim: a stranger forges no login, recipient or answer', async t => {
  const peer = await exim({ relayPort, acl: 'log_selector = +received_recipients +millisec +pid' })
  t.after(peer.stop)
  await forgesNothing(t, peer)
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
