import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCEPT } from '../../model/verdict.ts'
import { PolicyDecoder, type PolicyRequest } from './codec.ts'
import { actionOf } from './replies.ts'
import { type Memory, NOTHING, type PolicySetup, remember, stepsOf } from './session.ts'

/** As Postfix 3.7 sends it at RCPT. */
const RCPT = `request=smtpd_access_policy
protocol_state=RCPT
protocol_name=ESMTP
client_address=198.51.100.7
client_name=mx.meadow.example
client_port=40112
reverse_client_name=mx.meadow.example
server_address=192.0.2.25
server_port=25
helo_name=mx.meadow.example
sender=ann@meadow.example
recipient=bert@isp.example
recipient_count=0
queue_id=
instance=1a2b.65f.0
size=1234
etrn_domain=
stress=
sasl_method=
sasl_username=
sasl_sender=
ccert_subject=
encryption_protocol=TLSv1.3
policy_context=

`

const SETUP: PolicySetup = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  countAt: 'end-of-message',
  skipRules: ['relay'],
}

function decode(text: string, piece = text.length): (PolicyRequest | 'bad')[] {
  const decoder = new PolicyDecoder()
  const found: (PolicyRequest | 'bad')[] = []
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += piece) {
    decoder.push(bytes.subarray(at, at + piece))
    for (let one = decoder.next(); one; one = decoder.next()) {
      found.push(one)
      if (one === 'bad') return found
    }
  }
  return found
}

const request = (changes: Record<string, string>): PolicyRequest => {
  const [whole] = decode(RCPT)
  assert.ok(whole && whole !== 'bad')
  return new Map([...whole.entries(), ...Object.entries(changes)])
}
const stages = (memory: Memory, changes: Record<string, string>, setup = SETUP) => {
  const planned = stepsOf(memory, request(changes), { setup, at: 7 })
  return { ...planned, stages: planned.steps.map(step => step.stage) }
}

test('requests come out the same however the bytes arrive', () => {
  const twice = RCPT + RCPT.replace('bert@', 'jürgen@')
  const [first, second] = decode(twice)
  const read = (piece?: number) =>
    decode(twice, piece).map(one => (one === 'bad' ? one : [...one.entries()]))
  for (const piece of [1, 2, 7, 100])
    assert.deepEqual(read(piece), read(), `${piece} bytes at a time`)
  assert.equal(second !== 'bad' && second?.get('recipient'), 'jürgen@isp.example')
  assert.equal(first !== 'bad' && first?.get('stress'), '')
})

test('what is not of this protocol, or has no end, is bad', () => {
  for (const text of [
    'GET / HTTP/1.1\n\n',
    'request=other\n\n',
    '\n\n',
    '=x\n\n',
    `a=${'x'.repeat(70_000)}`,
  ])
    assert.deepEqual(decode(text), ['bad'], text.slice(0, 20))
  assert.deepEqual(decode('request=smtpd_access_policy\n'), [], 'it may go on')
})

test('asked at RCPT alone, the greeting and the sender are judged there, once', () => {
  const first = stages(NOTHING, {})
  assert.deepEqual(first.stages, ['helo', 'mail', 'rcpt'])
  const [, , rcpt] = first.steps
  assert.deepEqual(rcpt, {
    session: '1a2b.65f.0',
    listener: 'inbound',
    stage: 'rcpt',
    at: 7,
    client: { realm: 'main', address: '198.51.100.7', port: 40112 },
    tls: true,
    helo: 'mx.meadow.example',
    sender: 'ann@meadow.example',
    size: 1234,
    skipRules: ['relay'],
    recipient: 'bert@isp.example',
    accepted: 0,
  })
  const accepted = { verdict: ACCEPT, stage: 'rcpt' } as const
  const after = remember(first.memory, request({}), accepted)
  assert.deepEqual(stages(after, { recipient: 'carl@isp.example' }).stages, ['rcpt'])
  assert.deepEqual(stages(after, { instance: 'other' }).stages, ['helo', 'mail', 'rcpt'])
  const end = stages(after, { protocol_state: 'END-OF-MESSAGE', recipient: '' })
  assert.deepEqual(
    end.steps.map(({ stage, recipients, commits }) => ({ stage, recipients, commits })),
    [{ stage: 'message', recipients: ['bert@isp.example'], commits: true }],
  )
})

test('who is refused at RCPT is not counted; a refused sender stays refused', () => {
  const { memory } = stages(NOTHING, {})
  const verdict = { kind: 'reject', reason: 'listed' } as const
  assert.deepEqual(remember(memory, request({}), { verdict, stage: 'rcpt' }).recipients, [])
  assert.deepEqual(remember(memory, request({}), { verdict, stage: 'mail' }).refusal, verdict)
  assert.deepEqual(stages(memory, { protocol_state: 'END-OF-MESSAGE' }).stages, [])
})

test('counted at RCPT, every recipient is one, and the end of the message nothing', () => {
  const setup = { ...SETUP, countAt: 'rcpt' } as const
  const { steps } = stages(NOTHING, {}, setup)
  assert.deepEqual(steps.map(({ commits, accepted }) => [commits, accepted]).at(-1), [true, 0])
  const after = { ...NOTHING, instance: '1a2b.65f.0', recipients: ['a@b'] }
  assert.deepEqual(stages(after, { protocol_state: 'END-OF-MESSAGE' }, setup).stages, [])
})

test('a SASL login is a customer; other states and clients without an address ask nothing', () => {
  const [step] = stages(NOTHING, { sasl_username: 'Anna' }).steps
  assert.deepEqual([step?.listener, step?.login], ['submission', 'anna@isp.example'])
  for (const protocol_state of ['DATA', 'VRFY', 'ETRN', 'NEWS', ''])
    assert.deepEqual(stages(NOTHING, { protocol_state }).stages, [])
  assert.deepEqual(stages(NOTHING, { client_address: 'unknown' }).stages, [])
})

test('never OK, and a hold only when there is a message', () => {
  const hold = { kind: 'hold', reason: 'over-limit', until: 1 } as const
  assert.equal(actionOf(ACCEPT, 'rcpt', true), 'action=DUNNO\n\n')
  assert.equal(actionOf(hold, 'rcpt', false), 'action=DUNNO\n\n')
  assert.equal(actionOf(hold, 'message', false), 'action=HOLD over-limit\n\n')
  assert.match(
    actionOf({ kind: 'reject', reason: 'listed' }, 'rcpt', false),
    /^action=554 5\.7\.1 \[listed\] .*\n\n$/,
  )
})
