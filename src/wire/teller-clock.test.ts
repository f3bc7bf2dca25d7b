import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE, SECOND } from '../model/duration.ts'
import { type ClockJump, TellerClock } from './teller-clock.ts'

const AT = Date.UTC(2026, 0, 5)

function clock() {
  const jumps: ClockJump[] = []
  const one = new TellerClock(jump => void jumps.push(jump))
  /** Happened then, by a clock that is so much behind, and was so long under way. */
  const told = (at: number, off = 0, under = 0) => one.hear(AT + at - off, AT + at + under)
  return { one, jumps, told }
}

test('a clock that is right, whole seconds and a network included, is left alone', () => {
  const { one, jumps, told } = clock()
  assert.deepEqual(told(0, 0, 300), { at: AT + 300, skew: 0, late: 0 })
  for (let i = 1; i < 100; i++) told(i * MINUTE, (i * 37) % 1000, 5 + ((i * 13) % 400))
  assert.ok((one.offset as number) < SECOND)
  assert.deepEqual([one.settled, jumps], [true, []])
})

test('a clock that is right is known to be by the first packet that comes at once, whatever waited before it', () => {
  const { one, jumps, told } = clock()
  // Told while we were down, and again until we answered.
  assert.deepEqual(told(0, 0, 4 * SECOND), { at: AT + 4 * SECOND, skew: 4 * SECOND, late: 0 })
  assert.deepEqual(told(5 * SECOND, 0, 300), { at: AT + 5300, skew: 0, late: 0 })
  assert.deepEqual([one.settled, jumps], [true, []])
})

test('one never set, one an hour slow and one ahead are corrected, and an alarm says so', () => {
  const { jumps, told } = clock()
  assert.deepEqual(told(0, AT - 7000), { at: AT, skew: 2 * MINUTE, late: 0 })
  told(5 * SECOND, AT - 7000)
  assert.deepEqual(told(11 * SECOND, AT - 7000), { at: AT + 11 * SECOND, skew: 0, late: 0 })
  assert.deepEqual(jumps, [{ before: undefined, now: AT - 7000 }])

  const slow = clock()
  // The first may have waited an hour, too.
  assert.deepEqual(slow.told(0, HOUR), { at: AT, skew: HOUR, late: 0 })
  slow.told(SECOND, HOUR, 700)
  slow.told(6 * SECOND, HOUR, 10)
  assert.deepEqual(slow.told(20 * SECOND, HOUR), { at: AT + 20 * SECOND, skew: 0, late: 0 })
  assert.deepEqual(slow.jumps, [{ before: undefined, now: HOUR }])

  const ahead = clock()
  assert.deepEqual(ahead.told(0, -5 * MINUTE), { at: AT, skew: 2 * MINUTE, late: 0 })
  assert.deepEqual(ahead.jumps, [{ before: undefined, now: -5 * MINUTE }])
})

test('what waited in a queue keeps its time, and moves no clock', () => {
  const { one, jumps, told } = clock()
  told(0)
  for (let i = 0; i < 60; i++) {
    const { at, late } = told(MINUTE + i * SECOND, 0, (60 - i) * SECOND)
    assert.equal(at, AT + MINUTE + i * SECOND)
    assert.equal(late, 60 - i > 5 ? (60 - i) * SECOND : 0)
  }
  assert.deepEqual([one.offset, jumps], [0, []])
  // Also when it is all of one second.
  for (let i = 0; i < 9; i++) assert.equal(told(HOUR, 0, MINUTE + i).late, MINUTE + i)
  // Or older than a day: a copy of what was said long ago.
  assert.equal(told(2 * HOUR, 0, 2 * DAY).at, AT + 2 * HOUR)
  assert.deepEqual([one.offset, jumps], [0, []])
})

test('a jump back is believed when several say so, one ahead or to 1970 at once', () => {
  const { one, jumps, told } = clock()
  told(0)
  told(SECOND)
  assert.equal(told(MINUTE, HOUR).late, HOUR)
  assert.equal(told(MINUTE + 6 * SECOND, HOUR).late, HOUR)
  assert.deepEqual(told(MINUTE + 12 * SECOND, HOUR), {
    at: AT + MINUTE + 12 * SECOND,
    skew: 0,
    late: 0,
  })
  // Set right again.
  assert.deepEqual(told(2 * MINUTE), { at: AT + 2 * MINUTE, skew: 2 * MINUTE, late: 0 })
  told(2 * MINUTE + 6 * SECOND)
  told(2 * MINUTE + 12 * SECOND)
  assert.equal(one.settled, true)
  assert.deepEqual(told(3 * MINUTE, AT), { at: AT + 3 * MINUTE, skew: 2 * MINUTE, late: 0 })
  assert.deepEqual(jumps, [
    { before: 0, now: HOUR },
    { before: HOUR, now: 0 },
    { before: 0, now: AT },
  ])
})

test('a queue that grows no longer makes all late by the same: a small jump back is believed after two minutes', () => {
  const { one, jumps, told } = clock()
  told(0)
  told(SECOND)
  const late = (i: number) => told(MINUTE + i * 15 * SECOND, 0, 13 * SECOND + (i % 2) * 400).late
  for (let i = 0; i < 7; i++) assert.ok(late(i) > 0)
  assert.equal(told(3 * MINUTE).late, 0)
  assert.deepEqual([one.offset, jumps], [0, []])
  for (let i = 0; i < 10; i++) told(4 * MINUTE + i * 15 * SECOND, 13 * SECOND)
  assert.deepEqual(jumps, [{ before: 0, now: 13 * SECOND }])
})

test('one that drifts is followed without a word', () => {
  const { one, jumps, told } = clock()
  for (let i = 0; i < 600; i++) told(i * MINUTE, i * 20)
  assert.ok(Math.abs((one.offset as number) - 600 * 20) < 2 * SECOND)
  assert.deepEqual(jumps, [])
})

test('of one of which little comes a small jump back is believed after three packets of five minutes', () => {
  const { one, jumps, told } = clock()
  told(0)
  told(10 * MINUTE)
  for (const at of [20, 22]) assert.equal(told(at * MINUTE, 40 * SECOND, 700).late, 40_700)
  assert.equal(told(30 * MINUTE, 40 * SECOND).late, 0)
  assert.deepEqual([one.offset, jumps], [40 * SECOND, [{ before: 0, now: 40 * SECOND }]])
})

test('one that drifts back by up to 18 s an hour is followed, however little comes of it', () => {
  for (const every of [10, MINUTE / SECOND, 600])
    for (const perHour of [3.6, 18]) {
      const { told } = clock()
      let worst = 0
      for (let at = 0; at < 48 * HOUR; at += every * SECOND) {
        const off = Math.floor((perHour * SECOND * at) / HOUR)
        const { at: when } = told(at, off, (at / SECOND) % 7 === 0 ? 300 : 0)
        worst = Math.max(worst, Math.abs(when - AT - at))
      }
      assert.ok(worst < 13 * SECOND, `${every} ${perHour}: ${worst}`)
    }
})

test('a queue that grows is no clock that drifts', () => {
  const { one, jumps, told } = clock()
  told(0)
  told(SECOND)
  // By a second in half a minute.
  for (let i = 0; i < 60; i++) told(MINUTE + i * 15 * SECOND, 0, 6 * SECOND + i * 500)
  assert.deepEqual([one.offset, jumps], [0, []])
})
