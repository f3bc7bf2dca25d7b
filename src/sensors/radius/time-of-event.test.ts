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
