import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANSWERED, MESSAGE } from './evidence-table.ts'
import { DAY } from '../../model/duration.ts'
import { forgottenPerDay, forgottenSince, MAX_SUM, thresholds } from './sum.ts'
import { MAX_NATS, nats } from './nats.ts'

const budgets = { wrongIsolations: 1 / 10_000, holds: 1 / 25, probation: 3 }

test('the table is a probability table', () => {
  for (const rows of [['spam', 'clean'], ['unseen']]) {
    const cells = Object.entries(MESSAGE).filter(([name]) =>
      rows.includes(name.split('/')[0] ?? ''),
    )
    assert.ok(cells.reduce((sum, [, cell]) => sum + cell.p0, 0) <= 1.05)
    const infected = cells.reduce((sum, [, cell]) => sum + cell.p1, 0)
    assert.ok(Math.abs(infected - 1) < 0.01, `p1 of ${rows} sums to ${infected}`)
  }
  for (const [name, cell] of Object.entries(ANSWERED)) {
    const whole = MESSAGE[name.slice(0, name.lastIndexOf('/')) as keyof typeof MESSAGE]
    assert.ok(cell.p0 <= whole.p0 && cell.p1 <= whole.p1, `${name} is part of its message cell`)
  }
})

test('increments are capped and never negative', () => {
  assert.equal(nats({ p0: 1e-9, p1: 1, source: '' }), MAX_NATS)
  assert.equal(nats({ p0: 0.2, p1: 0.01, source: '' }), 0)
})

test('thresholds follow from the budgets', () => {
  const { hold, contain } = thresholds(18, budgets)
  assert.ok(contain > 17.9 && contain < 18.1, `${contain}`)
  assert.ok(hold > 11.9 && hold < 12.1, `${hold}`)
  assert.equal(thresholds(18, budgets, 'probation').contain, contain - 3)
  assert.ok(thresholds(200, budgets).contain > 20)
})

test('forgetting grows with what is usual', () => {
  assert.equal(forgottenPerDay(20), 2 * forgottenPerDay(10))
  assert.ok(forgottenPerDay(1) > 0.5 && forgottenPerDay(1) < 2, `${forgottenPerDay(1)}`)
})

test('of a sum that is the most it can be, what did not fit was not forgotten', () => {
  const step = { previous: 10, nats: 3, perDay: 1.2, elapsed: DAY / 2 }
  assert.ok(Math.abs(forgottenSince({ ...step, sum: 12.4 }) - 0.6) < 1e-9)
  // A flood: 60 and 3 more within a second are 60.
  const full = { ...step, previous: MAX_SUM, sum: MAX_SUM }
  assert.ok(forgottenSince({ ...full, elapsed: 1000 }) < 0.001)
  assert.ok(Math.abs(forgottenSince(full) - 0.6) < 1e-9)
  // A clock that was set back takes nothing.
  assert.equal(forgottenSince({ ...full, elapsed: -DAY }), 0)
})
