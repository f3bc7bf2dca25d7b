import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventOf } from '../../model/event.ts'
import { ObservedOnce } from './observed-once.ts'

type JudgedEvent = Omit<EventOf<'judged'>, 'id' | 'seq'>
const event = (session: string, at: number, more: Partial<JudgedEvent> = {}): JudgedEvent => ({
  kind: 'judged',
  at,
  who: { realm: 'main', address: '192.0.2.1', sure: 'unknown' },
  listener: 'inbound',
  stage: 'rcpt',
  rule: 'protocol-violation',
  reason: 'protocol-violation',
  verdict: 'reject',
  observed: true,
  session,
  ...more,
})

function observing() {
  const told: JudgedEvent[] = []
  const once = new ObservedOnce(one => told.push(one))
  const lines = () =>
    told.splice(0).map(({ session, rule, times = 0 }) => `${session} ${rule} ${times}`)
  return { once, lines }
}

test('once for a session and rule, and how often it came again at its end', () => {
  const { once, lines } = observing()
  for (let i = 0; i < 120; i++) once.take(event('s1', i))
  once.take(event('s1', 130, { rule: 'helo' }))
  once.take(event('s2', 140))
  assert.deepEqual(lines(), ['s1 protocol-violation 0', 's1 helo 0', 's2 protocol-violation 0'])
  once.sweep(60_000)
  assert.deepEqual(lines(), [])
  once.sweep(60_135)
  assert.deepEqual(lines(), ['s1 protocol-violation 119'])
  once.end()
  assert.deepEqual(lines(), [])
})

test('what is enforced, and what is about a message, is told each time', () => {
  const { once, lines } = observing()
  for (let i = 0; i < 3; i++) {
    const { observed: _, ...enforced } = event('s1', i)
    once.take(enforced)
    once.take(event('s1', i, { message: `m${i}` }))
  }
  assert.equal(lines().length, 6)
})

test('a session that goes on is told of each minute, and sessions have a bound', () => {
  const { once, lines } = observing()
  for (let at = 0; at <= 60_000; at += 30_000) once.take(event('s1', at))
  assert.deepEqual(lines(), ['s1 protocol-violation 0', 's1 protocol-violation 2'])
  once.take(event('s1', 60_001))
  for (let i = 0; i < 5000; i++) once.take(event(`x${i}`, 60_002))
  assert.equal(lines().filter(line => line === 's1 protocol-violation 1').length, 1)
})
