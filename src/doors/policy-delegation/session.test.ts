import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCEPT } from '../../model/verdict.ts'
import { PolicyDecoder, type PolicyRequest } from './codec.ts'
import { actionOf } from './replies.ts'
import { begun, type Memory, remember, stepsOf } from './session.ts'
import { setupOf } from './step-of-request.ts'

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

const OPTIONS = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  countAt: 'end-of-message',
  skipRules: ['relay'],
} as const
const SETUP = setupOf(OPTIONS)
const AT_RCPT = setupOf({ ...OPTIONS, countAt: 'rcpt' })

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
  return { ...whole, ...changes }
}
const stages = (memory: Memory | undefined, changes: Record<string, string>, setup = SETUP) => {
  const planned = stepsOf(memory, request(changes), { setup, at: 7 })
  return { ...planned, stages: planned.steps.map(step => step.stage) }
}
const accepted = { verdict: ACCEPT, stage: 'rcpt' } as const
const END = { protocol_state: 'END-OF-MESSAGE', recipient: '' } as const
const NEW = begun('1a2b.65f.0', 'ann@meadow.example')

test('requests come out the same however the bytes arrive', () => {
  const twice = RCPT + RCPT.replace('bert@', 'jürgen@')
  const [first, second] = decode(twice)
  const read = (piece?: number) => decode(twice, piece)
  for (const piece of [1, 2, 7, 100])
    assert.deepEqual(read(piece), read(), `${piece} bytes at a time`)
  assert.equal(second !== 'bad' && second?.recipient, 'jürgen@isp.example')
  assert.equal(first !== 'bad' && first?.queue_id, '')
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
  const first = stages(undefined, {})
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
    // A forecast of a hold says nothing here.
    skipRules: ['relay', 'limits'],
    recipient: 'bert@isp.example',
    accepted: 0,
  })
  const after = remember(first.memory, request({}), accepted)
  assert.deepEqual(stages(after, { recipient: 'carl@isp.example' }).stages, ['rcpt'])
  const end = stages(after, END)
  assert.deepEqual(
    end.steps.map(({ stage, recipients, recipientCount, skipRules, commits }) => ({
      stage,
      recipients,
      recipientCount,
      skipRules,
      commits,
    })),
    [
      {
        stage: 'message',
        recipients: ['bert@isp.example'],
        recipientCount: 1,
        skipRules: ['relay'],
        commits: true,
      },
    ],
  )
})

test('asked at END-OF-MESSAGE alone, all is judged there: a recipient that is named, and the number of the others', () => {
  const one = stages(undefined, { ...END, recipient: 'bert@isp.example', recipient_count: '1' })
  assert.deepEqual(one.stages, ['helo', 'mail', 'rcpt', 'message'])
  const last = one.steps.at(-1)
  assert.deepEqual([last?.recipients, last?.recipientCount], [['bert@isp.example'], 1])
  const many = stages(undefined, { ...END, recipient_count: '25' })
  assert.deepEqual(many.stages, ['helo', 'mail', 'message'])
  assert.deepEqual([many.steps.at(-1)?.recipients, many.steps.at(-1)?.recipientCount], [[], 25])
  const counting = many.steps.filter(step => step.commits)
  assert.equal(counting.length, 1)
})

test('recipients that Postfix refuses behind the check: the one that it names stays, of several the number is told', () => {
  const heard = { ...NEW, judged: ['helo', 'mail', 'rcpt'] as const }
  const recipients = ['gone@isp.example', 'bert@isp.example', 'left@isp.example']
  const told = (changes: Record<string, string>) => {
    const last = stages({ ...heard, recipients }, { ...END, ...changes }).steps.at(-1)
    return [last?.recipients, last?.recipientCount]
  }
  const bert = 'bert@isp.example'
  assert.deepEqual(told({ recipient: bert, recipient_count: '1' }), [[bert], 1])
  assert.deepEqual(told({ recipient_count: '2' }), [recipients, 2], 'which two, the engine weighs')
  assert.deepEqual(told({ recipient: bert, recipient_count: '' }), [recipients, 3], 'not said')
})

test('a number of recipients that is none, or not said, is at least one', () => {
  for (const said of ['', '0', '-3', '1e9', 'many', '2.5', '99999999999999999999'])
    assert.equal(
      stages(undefined, { ...END, recipient_count: said }).steps.at(-1)?.recipientCount,
      1,
    )
  assert.equal(
    stages(undefined, { ...END, recipient_count: '9999999' }).steps.at(-1)?.recipientCount,
    1_000_000,
  )
})

test('a recipient that is refused at RCPT is not counted; a refused sender stays refused', () => {
  const { memory } = stages(undefined, {})
  const verdict = { kind: 'reject', reason: 'listed' } as const
  assert.deepEqual(remember(memory, request({}), { verdict, stage: 'rcpt' }).recipients, [])
  assert.deepEqual(remember(memory, request({}), { verdict, stage: 'mail' }).refusal, verdict)
})

test('counted at RCPT, every recipient is one, and at the end of the message they are not counted again', () => {
  const { steps } = stages(undefined, {}, AT_RCPT)
  assert.deepEqual(steps.map(({ commits, accepted }) => [commits, accepted]).at(-1), [true, 0])
  assert.deepEqual(steps.at(-1)?.skipRules, ['relay'])
  const after = { ...NEW, judged: ['rcpt'] as const, recipients: ['a@b.example'] }
  const end = stages(after, END, AT_RCPT).steps.at(-1)
  assert.deepEqual(end?.skipRules, ['relay', 'limits', 'quotas'])
  assert.deepEqual(
    stages(undefined, END, AT_RCPT).steps.at(-1)?.skipRules,
    ['relay'],
    'unless nobody did',
  )
})

test('one message is another: by its instance, its sender, or because the last is over', () => {
  const known = { ...NEW, judged: ['helo', 'mail', 'rcpt'] as const, recipients: ['a@b.example'] }
  const names = (memory: Memory, changes: Record<string, string>) =>
    stages(memory, changes).memory.recipients
  assert.deepEqual(names(known, {}), ['a@b.example'])
  assert.deepEqual(names(known, { sender: 'other@meadow.example' }), [])
  assert.deepEqual(names({ ...known, over: true }, {}), [])
  const { question = '' } = stages(known, END)
  const over: Memory = { ...known, over: true, counted: { question, answer: 'action=DUNNO\n\n' } }
  assert.equal(stages(over, END).memory.counted?.question, question, 'the same again')
  assert.equal(stages(over, { ...END, size: '9' }).memory.counted, undefined, 'the next')
  assert.deepEqual(names({ ...known, instance: '' }, { instance: '' }), [], 'nothing is joined')
})

test('a SASL login is a customer, and so is an own network; other states and clients without an address ask nothing', () => {
  const [step] = stages(undefined, { sasl_username: 'Anna' }).steps
  assert.deepEqual([step?.listener, step?.login], ['submission', 'anna@isp.example'])
  const own = setupOf({ ...OPTIONS, mynetworks: ['198.51.100.0/24', '2001:db8::/32'] })
  assert.equal(stages(undefined, {}, own).steps[0]?.listener, 'trusted-network')
  assert.equal(
    stages(undefined, { client_address: '2001:db8::1' }, own).steps[0]?.listener,
    'trusted-network',
  )
  assert.equal(
    stages(undefined, { client_address: '192.0.2.1' }, own).steps[0]?.listener,
    'inbound',
  )
  for (const protocol_state of ['DATA', 'VRFY', 'ETRN', 'NEWS', ''])
    assert.deepEqual(stages(undefined, { protocol_state }).stages, [])
  for (const client_address of NOWHERE)
    assert.deepEqual(stages(undefined, { client_address }).stages, [], client_address)
})

const NOWHERE = ['unknown', '', 'mx.meadow.example'] as const

test('a login is asked about and counted wherever it comes from, also from an unknown address', () => {
  for (const client_address of [...NOWHERE, 'fe80::1%eth0', 'IPv6:2001:db8::1'])
    for (const setup of [SETUP, AT_RCPT])
      for (const more of [{}, END]) {
        const { steps } = stages(
          undefined,
          { client_address, sasl_username: 'anna', ...more },
          setup,
        )
        const last = steps.at(-1)
        assert.deepEqual([last?.listener, last?.login], ['submission', 'anna@isp.example'])
        assert.equal(last?.commits, more === END || setup === AT_RCPT ? true : undefined)
      }
  const { steps } = stages(undefined, { client_address: 'IPv6:2001:DB8::1' })
  assert.equal(steps[0]?.client.address, '2001:db8::1')
})

test('never OK, and a hold only when there is a message', () => {
  const hold = { kind: 'hold', reason: 'over-limit', until: 1 } as const
  assert.equal(actionOf(ACCEPT, { stage: 'rcpt', commits: true }), 'action=DUNNO\n\n')
  assert.equal(actionOf(hold, { stage: 'rcpt' }), 'action=DUNNO\n\n')
  assert.equal(actionOf(hold, { stage: 'message' }), 'action=HOLD over-limit\n\n')
  assert.equal(
    actionOf(hold, { stage: 'message', queueId: '4Xy9Zz1kTz0A' }),
    'action=HOLD over-limit; released by: postsuper -H 4Xy9Zz1kTz0A\n\n',
  )
  assert.equal(
    actionOf(hold, { stage: 'message', queueId: 'x; rm -rf /' }),
    'action=HOLD over-limit\n\n',
  )
  assert.match(
    actionOf({ kind: 'reject', reason: 'listed' }, { stage: 'rcpt' }),
    /^action=554 5\.7\.1 \[listed\] .*\n\n$/,
  )
})
