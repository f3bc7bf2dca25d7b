import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysOf } from '../../drivers/journal/event-keys.ts'
import type { AttributedStep } from '../../model/step.ts'
import { recordStep } from './record-step.ts'

const step: AttributedStep = {
  session: 's',
  listener: 'submission',
  stage: 'rcpt',
  at: 0,
  client: { realm: 'main', address: '192.0.2.7', port: 1 },
  tls: true,
  login: 'anna@isp.example',
  addresses: ['anna@isp.example'],
  who: { realm: 'main', address: '192.0.2.7', sure: 'unknown', login: 'anna@isp.example' },
  inForce: [],
}

test('an own sender is one in any case, and stands there in clear; others do not', () => {
  const kept = (sender: string) => {
    const judgement = { verdict: { kind: 'accept' } } as const
    const event = recordStep({ step: { ...step, sender }, asked: [], judgement }, () => 'hidden')
    return event.kind === 'step-judged' ? event.step.sender : undefined
  }
  assert.equal(kept('ANNA@isp.example'), 'anna@isp.example')
  assert.equal(kept('anna@isp.example'), 'anna@isp.example')
  assert.equal(kept('bert@isp.example'), 'hidden')
  assert.equal(kept(''), '')
})

test('postmaster and abuse stand there in clear, in any spelling: a replay must know whose mail it was', () => {
  const told = (recipient: string, recipients: string[]) => {
    const judgement = { verdict: { kind: 'accept' } } as const
    const event = recordStep(
      { step: { ...step, recipient, recipients }, asked: [], judgement },
      () => 'hidden',
    )
    return event.kind === 'step-judged' ? [event.step.recipient, event.step.recipients] : []
  }
  assert.deepEqual(told('Postmaster@isp.example', ['abuse@isp.example', 'bert@isp.example']), [
    'postmaster@isp.example',
    ['abuse@isp.example', 'hidden'],
  ])
})

test('of a whole message it has the queue id, so that it is found by it, taken or refused', () => {
  const judgement = { verdict: { kind: 'accept' } } as const
  const queueId = '1M8DK'
  const whole = recordStep(
    { step: { ...step, stage: 'message', queueId }, asked: [], judgement },
    () => 'hidden',
  )
  assert.ok(whole.kind === 'step-judged')
  assert.ok(keysOf({ ...whole, id: 'n', seq: 1 }).includes(`message:${queueId}`))
  const rcpt = recordStep({ step: { ...step, queueId }, asked: [], judgement }, () => 'hidden')
  assert.ok(!('message' in rcpt))
})
