// What a stranger may say to have it written into the log of a mail server as something else, and that it is not read so.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { readLogs } from '../../src/app/who-spams/read-logs.ts'
import type { Peer } from './peer.ts'
import { eventually } from './serve.ts'
import type { Sink } from './smtp-sink.ts'
import { talk } from './smtp-talk.ts'

type Logged = Pick<Peer, 'name' | 'port' | 'log'>

/** Of the last line about a message: Postfix, Exim, Sendmail, OpenSMTPD. */
const ENDED = /: removed|Completed|stat=Sent|result="?Ok/g

export type Sent = {
  readonly from?: string
  readonly to?: string
  readonly helo?: string
  readonly header?: string
  /** Said after the greeting. */
  readonly first?: readonly string[]
}

/** Whether it was taken. */
export async function sends(
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

const SENDMAIL = 'delay=00:00:01, xdelay=00:00:01, mailer=local, pri=1, dsn=5.7.1'

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
  // As Sendmail writes …
  { from: '"a, size=1, class=0, nrcpts=99, relay=boss@localhost"@evil.example' },
  { to: `"a, ${SENDMAIL}, stat=User unknown"@victim.example` },
  { header: 'Message-ID: <a@x>, proto=ESMTPA, daemon=MTA, auth=PLAIN, relay=boss@localhost' },
  { header: `Message-ID: <a@x>, ${SENDMAIL}, stat=Service unavailable: spam` },
  // … and OpenSMTPD, which takes no quotes.
  { from: 'user=boss@evil.example', helo: 'user=boss' },
  { to: 'a/to=boss/result=PermFail/stat=550@victim.example' },
  { from: 'evpid=0123456789abcdef@evil.example', to: 'user=boss@victim.example' },
]

export async function forgesNothing(t: TestContext, peer: Logged, next: Sink): Promise<void> {
  let taken = 0
  const before = next.taken().length
  for (const [i, one] of FORGED.entries())
    if (await sends(peer.port, one)) taken++
    else t.diagnostic(`${peer.name} takes none of these: ${i} ${JSON.stringify(one)}`)
  assert.ok(taken >= 6, `${taken} were taken`)
  await eventually(() => (next.taken().length >= before + taken ? true : undefined), 60)
  const log = peer.log ?? ''
  const written = () => readFileSync(log, 'utf8').match(ENDED)?.length ?? 0
  await eventually(() => (written() >= taken ? true : undefined), 60)
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
