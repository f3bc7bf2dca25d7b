import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoggedMail } from '../../model/logged-mail.ts'
import { Frames } from '../../wire/log-lines/frames.ts'
import { MailLogReader } from './mail-log-reader.ts'
import { MessageTracker } from './message-tracker.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const OK = 'relay=mx[198.51.100.9]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)'

function read(lines: readonly string[]) {
  const found: string[] = []
  const short = ({ who, address = '', recipients, answers }: LoggedMail) =>
    [
      who.kind,
      who.name,
      address,
      recipients,
      ...answers.map(one => `${one.recipient}=${one.result ?? one.outcome}`),
    ].join(' ')
  const frames = new Frames(NOW)
  const reader = new MailLogReader({
    mail: mail => void found.push(short(mail)),
    answer: (_, { recipient, outcome, result }) =>
      void found.push(`later ${recipient}=${result ?? outcome}`),
    refused: ({ address, words }, _, who) =>
      void found.push(`refused ${who?.name ?? address} ${words}`),
    auth: ({ address, times }) => void found.push(`wrong ${address} ${times}`),
  })
  for (const [i, line] of lines.entries()) {
    const stamp = new Date(NOW + i * 1000).toISOString()
    reader.take(frames.read(/^\d{4}-/.test(line) ? line : `${stamp} mx ${line}`))
  }
  reader.end()
  return { found, reader }
}

const taken = (id: string, login = 'anna', to = 1) => [
  `postfix/submission/smtpd[1]: ${id}: client=unknown[203.0.113.9], sasl_method=PLAIN, sasl_username=${login}`,
  `postfix/cleanup[2]: ${id}: message-id=<${login}@home>`,
  `postfix/qmgr[3]: ${id}: from=<${login}@isp.example>, size=9, nrcpt=${to} (queue active)`,
]

test('a message is told of once, with what became of each recipient', () => {
  const { found } = read([
    ...taken('4F1A2B3C4D', 'anna', 3),
    `postfix/smtp[4]: 4F1A2B3C4D: to=<a@d.example>, ${OK}`,
    `postfix/smtp[4]: 4F1A2B3C4D: to=<b@d.example>, ${OK.replace('2.0.0, status=sent (250 ok)', '5.1.1, status=bounced (host mx said: 550 5.1.1 User unknown)')}`,
    `postfix/smtp[4]: 4F1A2B3C4D: to=<c@d.example>, ${OK.replace('2.0.0, status=sent (250 ok)', '4.2.0, status=deferred (later)')}`,
    `postfix/smtp[4]: 4F1A2B3C4D: to=<c@d.example>, ${OK.replace('2.0.0, status=sent (250 ok)', '5.7.1, status=bounced (host mx said: 554 5.7.1 rejected as spam)')}`,
    'postfix/qmgr[3]: 4F1A2B3C4D: removed',
  ])
  assert.deepEqual(found, [
    'login anna 203.0.113.9 3 a@d.example=sent b@d.example=unknown-user c@d.example=deferred',
    'later c@d.example=spam-refused',
  ])
})

const BACK = [
  'postfix/smtpd[5]: 4F9999999A: client=localhost[127.0.0.1]',
  'postfix/cleanup[2]: 4F9999999A: message-id=<anna@home>',
  'postfix/qmgr[3]: 4F9999999A: from=<anna@isp.example>, size=99, nrcpt=1 (queue active)',
]
const HANDED_ON = [
  'postfix/smtp[4]: 4F1A2B3C4D: to=<a@d.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4F9999999A)',
  'postfix/qmgr[3]: 4F1A2B3C4D: removed',
]
const GONE_ON = [
  `postfix/smtp[4]: 4F9999999A: to=<a@d.example>, ${OK}`,
  'postfix/qmgr[3]: 4F9999999A: removed',
]

for (const [order, lines] of [
  ['before it is delivered', [...HANDED_ON, ...GONE_ON]],
  ['after it was delivered and removed', [...GONE_ON, ...HANDED_ON]],
] as const)
  test(`what comes back from a filter is the same message, where the server says so ${order}`, () => {
    const { found, reader } = read([...taken('4F1A2B3C4D'), ...BACK, ...lines])
    assert.deepEqual(found, ['login anna 203.0.113.9 1 a@d.example=sent'])
    assert.equal(reader.rejoined, 1)
  })

for (const [who, client] of [
  ['a program of this machine', 'localhost[127.0.0.1]'],
  ['a customer behind carrier NAT', 'unknown[10.66.7.8]'],
  ['a customer with a private address', 'unknown[fd00::7]'],
] as const)
  test(`${who} with the Message-ID of a message that waits is itself, and its mail is its own`, () => {
    const { found, reader } = read([
      ...taken('4F1A2B3C4D'),
      'postfix/smtp[4]: 4F1A2B3C4D: to=<me@evil.example>, relay=evil[198.51.100.66]:25, delay=1, delays=0/0/0/1, dsn=4.3.0, status=deferred (host evil said: 451 later)',
      `postfix/smtpd[5]: 4F9999999A: client=${client}`,
      'postfix/cleanup[2]: 4F9999999A: message-id=<anna@home>',
      'postfix/qmgr[3]: 4F9999999A: from=<x@evil.example>, size=99, nrcpt=1 (queue active)',
      ...GONE_ON,
    ])
    const address = /\[(.*)\]/.exec(client)?.[1]
    assert.deepEqual(found, [
      'login anna 203.0.113.9 1 me@evil.example=deferred',
      `address ${address} ${address} 1 a@d.example=sent`,
    ])
    assert.equal(reader.rejoined, 0)
    assert.equal(reader.unjoined, 1)
  })

test('a server in a private network that answers with an id of ours takes no more mail for its own than it was given', () => {
  const { found } = read([
    ...taken('4F1A2B3C4D'),
    'postfix/smtpd[5]: 4F9999999A: client=unknown[10.66.7.8]',
    'postfix/qmgr[3]: 4F9999999A: from=<x@evil.example>, size=99, nrcpt=90 (queue active)',
    'postfix/smtp[4]: 4F1A2B3C4D: to=<me@evil.example>, relay=mx.evil.example[10.66.7.8]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F9999999A)',
    'postfix/qmgr[3]: 4F1A2B3C4D: removed',
    ...GONE_ON,
  ])
  assert.deepEqual(found, [
    'login anna 203.0.113.9 1 me@evil.example=sent',
    'address 10.66.7.8 10.66.7.8 90 a@d.example=sent',
  ])
})

test('a stranger with the Message-ID of another’s message is not that other', () => {
  const { found } = read([
    ...taken('4F1A2B3C4D'),
    'postfix/smtpd[5]: 4F9999999A: client=x.example[203.0.113.66]',
    'postfix/cleanup[2]: 4F9999999A: message-id=<anna@home>',
    'postfix/qmgr[3]: 4F9999999A: from=<x@y.example>, size=99, nrcpt=1 (queue active)',
    `postfix/smtp[4]: 4F9999999A: to=<victim@d.example>, ${OK}`,
    `postfix/smtp[4]: 4F1A2B3C4D: to=<a@d.example>, ${OK}`,
  ])
  assert.deepEqual(found, [
    'address 203.0.113.66 203.0.113.66 1 victim@d.example=sent',
    'login anna 203.0.113.9 1 a@d.example=sent',
  ])
})

test('a queue id that is used again is another message; a refused one is none', () => {
  const { found } = read([
    ...taken('4F1A2B3C4D'),
    `postfix/smtp[4]: 4F1A2B3C4D: to=<a@d.example>, ${OK}`,
    ...taken('4F1A2B3C4D', 'bert'),
    'postfix/cleanup[2]: 4F1A2B3C4D: milter-reject: END-OF-MESSAGE from unknown[203.0.113.9]: 5.7.1 Spam message rejected; from=<bert@isp.example> to=<b@d.example> proto=ESMTP helo=<h>',
    'postfix/pickup[6]: 4F1A2B3C4E: uid=33 from=<www-data>',
    'postfix/qmgr[3]: 4F1A2B3C4E: from=<www-data@mx>, size=9, nrcpt=1 (queue active)',
    `postfix/smtp[4]: 4F1A2B3C4E: to=<c@d.example>, ${OK}`,
  ])
  assert.deepEqual(found, [
    'login anna 203.0.113.9 1 a@d.example=sent',
    'refused bert 5.7.1 Spam message rejected',
    'user 33  1 c@d.example=sent',
  ])
})

test('what was said several times counts as often, what was lost is told, what fits nothing is counted', () => {
  const wrong = 'disconnect from unknown[203.0.113.9] ehlo=1 auth=0/1 commands=1/2'
  const { found, reader } = read([
    `postfix/smtpd[1]: ${wrong}`,
    'postfix/smtpd[1]: last message repeated 2 times',
    `postfix/smtpd[1]: message repeated 3 times: [ ${wrong}]`,
    'rsyslogd[9]: imuxsock[pid: 7, name: smtpd] from <postfix/smtpd:7> lost 41 messages from rate-limiting',
    'postfix/smtpd[1]: 4F1A2B3C4D: nonsense of a stranger',
    'cron[9]: hello',
  ])
  assert.equal(found.length, 6)
  const { lost, unread, others } = reader.coverage
  assert.deepEqual({ lost, unread, others }, { lost: 41, unread: 1, others: 2 })
})

test('too many open messages are told of as they are, and counted', () => {
  const found: string[] = []
  const tracker = new MessageTracker(
    { mail: one => void found.push(one.id), answer: () => undefined },
    10,
  )
  for (let i = 0; i < 30; i++)
    tracker.take({ kind: 'begun', id: `A${i}`, login: 'a', recipients: 1 }, NOW)
  assert.equal(found.length, 20)
  assert.equal(tracker.spilled, 20)
})

test('the number of a process that comes again is another process', () => {
  const from =
    'size=9, class=0, nrcpts=1, msgid=<a@b>, proto=ESMTP, daemon=MTA, relay=localhost [127.0.0.1]'
  const login = 'AUTH=server, relay=localhost [127.0.0.1], authid=boss, mech=PLAIN, bits=0'
  const { found } = read([
    `2026-11-21T10:00:00Z mx sm-mta[1234]: ${login}`,
    `2026-11-21T10:00:01Z mx sm-mta[1234]: 4AS8000A012345: from=<boss@isp.example>, ${from}`,
    `2026-11-21T18:00:01Z mx sm-mta[1234]: 4AS8000B012346: from=<x@evil.example>, ${from}`,
  ])
  assert.deepEqual(found, ['login boss 127.0.0.1 1', 'address 127.0.0.1 127.0.0.1 1'])
})

test('a site that sends through OpenSMTPD’s local socket is a sender', () => {
  const { found } = read([
    'smtpd[77]: f78dc00d79e8539f smtp connected address=local host=vm',
    'smtpd[77]: f78dc00d79e8539f smtp message msgid=4223d55c size=1566 nrcpt=1 proto=ESMTP',
    'smtpd[77]: f78dc002782c742a mta delivery evpid=4223d55cafb929b0 from=<a@b.example> to=<x@y.example> rcpt=<-> source="127.0.0.1" relay="127.0.0.1 (localhost)" delay=1s result="Ok" stat="250 2.0.0 ok"',
  ])
  assert.deepEqual(found, ['user local  1 x@y.example=sent'])
})

test('of the journal only what the mail system wrote is read', () => {
  const entry = (more: Record<string, string>) =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: String(NOW * 1000),
      MESSAGE: '4F1A2B3C4D: client=x[20.0.1.1], sasl_method=PLAIN, sasl_username=boss@isp.example',
      SYSLOG_IDENTIFIER: 'postfix/smtpd',
      ...more,
    })
  const frames = new Frames(NOW)
  const taken = (more: Record<string, string>) => {
    const reader = new MailLogReader({
      mail: () => undefined,
      answer: () => undefined,
      refused: () => undefined,
      auth: () => undefined,
    })
    const who = reader.take(frames.read(entry(more)))
    return [who?.name, reader.coverage.foreign]
  }
  const [boss, foreign] = [
    ['boss@isp.example', 0],
    [undefined, 1],
  ]
  assert.deepEqual(taken({}), boss)
  assert.deepEqual(taken({ _UID: '101', _COMM: 'smtpd' }), boss)
  const unit = 'postfix@-.service'
  assert.deepEqual(taken({ _UID: '101', _COMM: 'smtpd', _SYSTEMD_UNIT: unit }), boss)
  assert.deepEqual(taken({ _UID: '0', _COMM: 'postlogd', _SYSTEMD_UNIT: unit }), boss)
  assert.deepEqual(taken({ _UID: '33', _COMM: 'logger' }), foreign)
  assert.deepEqual(taken({ _UID: '1000', _COMM: 'smtpd' }), foreign)
  assert.deepEqual(taken({ _UID: '33', _COMM: 'smtpd', _SYSTEMD_UNIT: 'apache2.service' }), foreign)
  assert.deepEqual(
    taken({ _UID: '1000', _COMM: 'smtpd', _SYSTEMD_UNIT: 'user@1000.service' }),
    foreign,
  )
})
