// Raw requests of every Postfix that asks, and of others, with what they are answered: every state, every attribute there has been, missing,
// empty and odd. Over a socket, with the real engine behind it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { openPolicyDoor } from '../../src/doors/policy-delegation/server.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import type { VirtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { ASKED_DOOR } from '../support/asked-door.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'

let cordon: VirtualCordon
let door: Awaited<ReturnType<typeof openPolicyDoor>>

before(async () => {
  cordon = await smallCordon(undefined, {
    access: {
      entries: [{ match: { sender: ['@never.example'] }, action: 'reject', for: 86_400_000 }],
      groups: {},
    },
  })
  door = await openPolicyDoor(
    {
      ...ASKED_DOOR,
      countAt: 'end-of-message',
      skipRules: ['relay', 'recipient-exists', 'login-required', 'sender-belongs'],
    },
    // Nonsense is said in the log; the connection is closed.
    { engine: cordon.engine, now: () => NOW, turns: commandTurns(), trouble: () => undefined },
  )
})

after(async () => {
  await door.close()
  await cordon.engine.idle()
  await cordon.close()
})

/** All that is said until it is as many answers, or the connection is closed. */
async function heard(said: string | Buffer, answers = 1): Promise<string> {
  const socket = connect(door.port, '127.0.0.1')
  let text = ''
  socket.on('data', chunk => {
    text += String(chunk)
    if (text.split('\n\n').length > answers) socket.end()
  })
  socket.on('error', () => undefined)
  socket.write(said)
  await once(socket, 'close')
  return text
}

/** Attributes in the order in which they came to be (SMTPD_POLICY_README), each with what a Postfix says at RCPT. */
const SINCE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2.1': {
    request: 'smtpd_access_policy',
    protocol_state: 'RCPT',
    protocol_name: 'ESMTP',
    helo_name: 'mx.meadow.example',
    queue_id: '',
    instance: '123.456.7',
    sender: 'ann@meadow.example',
    recipient: 'anna@isp.example',
    client_address: '198.51.100.7',
    client_name: 'mx.meadow.example',
  },
  '2.2': {
    sasl_method: '',
    sasl_username: '',
    sasl_sender: '',
    size: '12345',
    ccert_subject: '',
    ccert_issuer: '',
    ccert_fingerprint: '',
  },
  '2.3': {
    encryption_protocol: 'TLSv1/SSLv3',
    encryption_cipher: 'DHE-RSA-AES256-SHA',
    encryption_keysize: '256',
    etrn_domain: '',
    recipient_count: '0',
    reverse_client_name: 'mx.meadow.example',
  },
  '2.5': { stress: '' },
  '2.9': { ccert_pubkey_fingerprint: '' },
  '3.0': { client_port: '1234' },
  '3.1': { policy_context: 'submission' },
  '3.2': { server_address: '192.0.2.25', server_port: '25' },
  '3.8': { compatibility_level: '3.8', mail_version: '3.8.0' },
  '3.9': { tls_sni: '' },
}
const LATEST = Object.assign({}, ...Object.values(SINCE)) as Record<string, string>

let instances = 0
/** Each about a message of its own, unless it says otherwise. */
function request(attributes: Readonly<Record<string, string>>): string {
  const named = 'instance' in attributes ? { instance: `${(instances++).toString(16)}.1.2` } : {}
  const lines = Object.entries({ ...attributes, ...named, ...kept(attributes) })
  return `${lines.map(([name, value]) => `${name}=${value}\n`).join('')}\n`
}
const kept = ({ instance }: Readonly<Record<string, string>>) =>
  instance === undefined || instance === LATEST['instance'] ? {} : { instance }

const DUNNO = 'action=DUNNO\n\n'
const REFUSED = /^action=550 5\.7\.1 \[access\] [^\n]+\n\n$/
const NOTHING_ASKED = ['CONNECT', 'EHLO', 'HELO', 'DATA', 'VRFY', 'ETRN', 'NEWS', 'rcpt', '']
const ASKED = ['MAIL', 'RCPT', 'END-OF-MESSAGE']
const REFUSES = ['RCPT', 'END-OF-MESSAGE']

for (const version of Object.keys(SINCE)) {
  const versions = Object.keys(SINCE)
  const known = versions.slice(0, versions.indexOf(version) + 1).map(one => SINCE[one])
  const attributes = Object.assign({}, ...known) as Record<string, string>
  test(`Postfix ${version}: every state`, async () => {
    for (const protocol_state of [...NOTHING_ASKED, ...ASKED]) {
      const one = { ...attributes, protocol_state }
      assert.equal(await heard(request(one)), DUNNO, protocol_state)
      const listed = request({ ...one, sender: 'x@never.example' })
      const answer = await heard(listed)
      // Whom a message is for is known at RCPT, and at its end where it is one.
      if (REFUSES.includes(protocol_state)) assert.match(answer, REFUSED, protocol_state)
      else assert.equal(answer, DUNNO, protocol_state)
    }
  })
}

test('an attribute that is missing, or empty, is not known; only the name of the protocol is needed', async () => {
  for (const protocol_state of ASKED)
    for (const name of Object.keys(LATEST)) {
      const all: Record<string, string> = { ...LATEST, protocol_state }
      const { [name]: _without, ...missing } = all
      const empty = { ...LATEST, protocol_state, [name]: '' }
      const expected = name === 'request' ? '' : DUNNO
      assert.equal(await heard(request(missing)), expected, `${protocol_state} without ${name}`)
      assert.equal(await heard(request(empty)), expected, `${protocol_state}, empty ${name}`)
    }
})

const ODD: Readonly<Record<string, readonly string[]>> = {
  client_address: [
    'unknown',
    '2001:db8::7',
    '::ffff:198.51.100.7',
    '198.51.100.07',
    'fe80::1%eth0',
  ],
  client_port: ['unknown', '-1', '70000', '1e3', '٣'],
  size: ['-1', '1e9', '99999999999999999999', '0x10', 'NaN', '1.5'],
  recipient_count: ['-1', '1e9', '99999999999999999999', '0x10', 'NaN', '1.5'],
  sender: [
    'MAILER-DAEMON',
    '<>',
    '"a b"@meadow.example',
    'jürgen@meadow.example',
    'a=b@meadow.example',
  ],
  recipient: ['', '"anna"@isp.example', 'anna@isp.example.', 'x'.repeat(60_000), '\0', '%s%n'],
  helo_name: ['', '[198.51.100.7]', 'mx.meadow.example\r', '_', '\u{1f4ec}'],
  sasl_username: ['anna', 'ANNA@ISP.EXAMPLE', 'nobody at all', '@', 'a\tb'],
  encryption_protocol: ['SSLv2', 'TLSv9'],
  stress: ['yes'],
  instance: ['', '-', 'x'.repeat(5000)],
  server_port: ['', '0', '587', 'submission', '99999999'],
  protocol_state: ['RCPT\r', ' RCPT', 'END-OF-MESSAGE ', 'constructor', '__proto__'],
  made_up: ['1'],
  constructor: ['1'],
  ['__proto__']: ['1'],
}

test('odd values are answered like any, and nobody is told what they did', async () => {
  for (const state of ['RCPT', 'END-OF-MESSAGE'])
    for (const [name, values] of Object.entries(ODD))
      for (const value of values) {
        const lines = request({ ...LATEST, protocol_state: state }).replace(
          new RegExp(`^${name}=.*\n`, 'm'),
          '',
        )
        const answer = await heard(`${name}=${value}\n${lines}`)
        const about = `${state} ${name}=${JSON.stringify(value.slice(0, 40))}: ${answer}`
        assert.match(
          answer,
          /^action=(?:DUNNO|[45]\d\d [45]\.\d\.\d+ \[[a-z-]+\] [^\n]+)\n\n$/,
          about,
        )
        assert.doesNotMatch(answer, /^action=OK/, about)
      }
})

test('staff stop a login that no list of ours has, written in either case, and read that no letter is sent', async () => {
  const impose = { kind: 'impose', decision: 'stop-login', hours: 1, why: 'a call' } as const
  const actor = { kind: 'staff', name: 'eve' } as const
  const order = { ...impose, subject: 'login:Guest@Elsewhere.Example' }
  const outcome = await cordon.engine.command({ order, actor, at: NOW })
  assert.match(
    outcome.text,
    /^stop-login on login:guest@elsewhere\.example for 1 h, .*No customer has this login, so no letter is sent/,
  )
  const mail = { ...LATEST, protocol_state: 'RCPT', sasl_username: 'guest@ELSEWHERE.example' }
  assert.match(await heard(request(mail)), /^action=5\d\d 5\.7\.\d+ /)
  assert.equal(await heard(request({ ...mail, sasl_username: 'host@elsewhere.example' })), DUNNO)
  // A name without a domain may be anything.
  const typed = { ...order, subject: 'login:guest' }
  assert.match(
    (await cordon.engine.command({ order: typed, actor, at: NOW })).text,
    /^There is no login guest/,
  )
})

test('of an attribute that comes twice the last is meant; their order means nothing', async () => {
  const listed = 'sender=x@never.example\n'
  const body = request(LATEST).trimEnd()
  assert.match(await heard(`${body}\n${listed}\n`), REFUSED)
  assert.equal(await heard(`${listed}${body}\n\n`), DUNNO)
  const turned = request({ ...LATEST, sender: 'x@never.example' })
    .trimEnd()
    .split('\n')
    .toReversed()
  assert.match(await heard(`${turned.join('\n')}\n\n`), REFUSED)
})

test('what is none of the protocol is answered by nothing, and ends the connection', async () => {
  for (const said of [
    'GET / HTTP/1.1\r\n\r\n\n\n',
    '\n\n',
    'request=smtpd_access_policy\nno equals sign\n\n',
    'request=junk\n\n',
    `request=smtpd_access_policy\n${'a'.repeat(70_000)}`,
    `request=smtpd_access_policy\nrecipient=${'x'.repeat(70_000)}\n\n`,
    Buffer.from([0, 255, 254, 10, 10]),
  ])
    assert.equal(await heard(said), '')
})

test('several in one packet are answered in turn, and one in many packets once', async () => {
  const three =
    request(LATEST) + request({ ...LATEST, sender: 'x@never.example' }) + request(LATEST)
  const answers = (await heard(three, 3)).split('\n\n').slice(0, 3)
  assert.deepEqual(
    answers.map(one => one.slice(0, 10)),
    ['action=DUN', 'action=550', 'action=DUN'],
  )
})

test('RCPT and the end over two connections are one message; the same end over a third counts nothing', async () => {
  const one = { ...LATEST, instance: 'two.connections.1', sasl_username: 'anna' }
  const commits = () =>
    cordon.journal.flatMap(event =>
      event.kind === 'tx-commit' && event.session === one.instance ? [event.facts] : [],
    )
  for (const recipient of ['a@x.example', 'b@x.example'])
    assert.equal(await heard(request({ ...one, recipient })), DUNNO)
  const end = { ...one, protocol_state: 'END-OF-MESSAGE', recipient: '', recipient_count: '2' }
  for (let i = 0; i < 3; i++) assert.equal(await heard(request(end)), DUNNO)
  await cordon.engine.idle()
  assert.deepEqual(
    commits().map(({ recipients, firstTime }) => [recipients, firstTime]),
    [[2, 2]],
  )
})
