import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepBudget } from './step-budget.ts'

test('all of an ordinary second, a thousand of a flood, and what was left out is told', () => {
  const told: [number, number][] = []
  const take = stepBudget((count, at) => told.push([count, at]))
  const kept = (from: number, count: number) =>
    Array.from({ length: count }, () => take(from)).filter(Boolean).length
  assert.equal(kept(1_000_000, 900), 900)
  assert.equal(kept(1_000_999, 5000), 100)
  assert.deepEqual(told, [])
  assert.equal(kept(1_001_000, 10), 10)
  assert.deepEqual(told, [[4900, 1_001_000]])
  assert.equal(kept(1_003_000, 1), 1)
  assert.equal(told.length, 1)
})
