import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import { RogueDomains } from './rogue-domains.ts'

const AT = Date.UTC(2026, 10, 28)
const event = (
  value: number,
  more: Partial<EventOf<'step-judged'>> = {},
): EventOf<'step-judged'> => ({
  kind: 'step-judged',
  id: '1',
  seq: 1,
  at: AT,
  who: { realm: 'main', address: '198.51.100.7', sure: 'unknown' },
  step: { listener: 'inbound', stage: 'rcpt' },
  verdict: 'reject',
  rule: 'rogue-domain',
  asked: [
    {
      question: { about: 'spf-breadth', domain: 'Rogue.example' },
      answer: { about: 'spf-breadth', value },
    },
  ],
  ...more,
})
const domains = () => new RogueDomains({ domains: ['named.example'], widest: () => 1000 })

test('a domain whose SPF record is too wide is listed for a week, beside those that are named', () => {
  const one = domains()
  assert.equal(one.hear(event(1001)), true)
  assert.equal(one.hear(event(1001)), false)
  assert.deepEqual(one.now(AT), ['named.example', 'rogue.example'])
  assert.equal(one.sweep(AT + 7 * DAY), true)
  assert.deepEqual(one.now(AT + 7 * DAY), ['named.example'])
})

test('a domain that was refused as one of a swarm, or was not refused, is not listed: its name may be forged', () => {
  const one = domains()
  assert.equal(one.hear(event(1000)), false)
  assert.equal(one.hear(event(1001, { verdict: 'accept' })), false)
  assert.equal(one.hear(event(1001, { rule: 'spf' })), false)
  assert.deepEqual(one.now(AT), ['named.example'])
})
