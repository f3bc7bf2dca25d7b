import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alarm } from '../../model/alarm.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'
import { batchOf, mayTell } from './alarm-pace.ts'

const AT = Date.UTC(2026, 0, 5)
const contained = { alarm: 'contained' }
const told = (kinds: readonly string[], ...ats: readonly number[]) => ats.map(at => ({ at, kinds }))

test('three batches of a kind within an hour are told at once, the fourth a quarter of an hour after the third', () => {
  const kinds = ['contained']
  assert.ok(mayTell([], [contained], AT))
  assert.ok(mayTell(told(kinds, AT, AT + 1), [contained], AT + 2))
  const three = told(kinds, AT, AT + 1, AT + 2)
  assert.ok(!mayTell(three, [contained], AT + 3))
  assert.ok(!mayTell(three, [contained], AT + 15 * MINUTE))
  assert.ok(mayTell(three, [contained], AT + 2 + 15 * MINUTE))
  // What is older than an hour counts no more.
  assert.ok(mayTell(three, [contained], AT + HOUR + 1))
})

test('an alarm of another kind does not wait for a flood of one, and the end of one is another', () => {
  const flood = told(['contained'], AT, AT + 1, AT + 2)
  assert.ok(mayTell(flood, [contained, { alarm: 'fuse' }], AT + 3))
  assert.ok(mayTell(flood, [{ ...contained, over: true }], AT + 3))
  assert.ok(!mayTell([], [], AT))
})

test('what was told while the clock was wrong and ahead counts no more when it is right', () => {
  const ahead = AT + 365 * 24 * HOUR
  const three = told(['contained'], ahead, ahead + MINUTE, ahead + 2 * MINUTE)
  for (const hours of [0, 1, 24, 24 * 360])
    assert.ok(mayTell(three, [contained], AT + hours * HOUR))
})

test('a batch counts all of a kind, and shows the first twenty', () => {
  const alarm = (id: number): Alarm => ({
    id: String(id),
    alarm: 'held',
    at: AT,
    about: 'line:anna',
    words: '',
    evidence: [],
  })
  const many = Array.from({ length: 500 }, (_, i) => alarm(i))
  const { alarms, counts } = batchOf('b', AT, [...many, { ...alarm(500), alarm: 'fuse' }])
  assert.deepEqual(counts, { held: 500, fuse: 1 })
  assert.equal(alarms.length, 21)
})
