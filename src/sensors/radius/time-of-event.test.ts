import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND } from '../../model/duration.ts'
import { TellerClock } from '../../wire/teller-clock.ts'
import { timeOf } from './time-of-event.ts'

const AT = Date.UTC(2026, 10, 27)

test('how long an access server has tried is told in whole seconds: it may have been a second earlier', () => {
  const of = (delay: number) => timeOf({ delay }, new TellerClock(), AT)
  assert.deepEqual(of(0), { at: AT, skew: 0, late: 0 })
  assert.deepEqual(of(3 * SECOND), { at: AT - 3 * SECOND, skew: SECOND, late: 0 })
})

const told = (clock: TellerClock, now: number, { delay = 0, stamp = now } = {}) =>
  timeOf(
    { stamp: AT + Math.floor(stamp) * SECOND, delay: delay * SECOND, status: 'interim' },
    clock,
    AT + now * SECOND,
  )

test('an access server that stamps what it sends, and tells for how long it tried, is not ahead by that', () => {
  for (const step of [1, 3]) {
    const clock = new TellerClock()
    told(clock, 0)
    for (let delay = step; delay <= 30; delay += step) {
      const { at } = told(clock, 60 + delay / 10, { delay })
      assert.ok(Math.abs(at - (AT + (60 - 0.9 * delay) * SECOND)) < SECOND, `${delay} ${at - AT}`)
    }
    assert.equal(clock.offset, 0)
    assert.equal(told(clock, 100).late, 0)
  }
})

test('of a clock that is ahead by both readings the lesser is learned; where neither fits, nothing', () => {
  const clock = new TellerClock()
  told(clock, 0)
  // By its event 14 s ahead, by its sending six behind.
  assert.equal(told(clock, 60, { delay: 20, stamp: 54 }).at, AT + 40 * SECOND)
  assert.equal(clock.offset, 0)
  told(clock, 70, { delay: 20, stamp: 90 })
  assert.equal(clock.offset, -20 * SECOND)
})
