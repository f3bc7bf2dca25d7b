import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureCounts } from './failure-counts.ts'

test('failures are forgotten together, a window after the first', () => {
  let now = 0
  const counts = failureCounts({ now: () => now, window: 100, room: 10 })
  counts.add('a')
  now = 90
  counts.add('a')
  assert.deepEqual([counts.of('a'), counts.forgottenIn('a')], [2, 10])
  assert.deepEqual(
    [counts.tellOnce('a'), counts.tellOnce('a'), counts.tellOnce('b')],
    [true, false, false],
  )
  now = 100
  assert.equal(counts.of('a'), 0)
  counts.add('a')
  assert.equal(counts.tellOnce('a'), true)
  counts.forget('a')
  assert.equal(counts.of('a'), 0)
})

test('a count is not washed away by others that failed less', () => {
  const counts = failureCounts({ now: () => 0, window: 100, room: 50 })
  for (let i = 0; i < 15; i++) counts.add('guilty')
  counts.add('less')
  counts.add('less')
  for (let i = 0; i < 10_000; i++) counts.add(`other ${i}`)
  assert.equal(counts.of('guilty'), 15)
  assert.equal(counts.of('less'), 2)
  const left = Array.from({ length: 10_000 }, (_, i) => counts.of(`other ${i}`))
  assert.equal(
    left.reduce((sum, count) => sum + count),
    48,
  )
  assert.equal(left[9999], 1, 'the newest stays')
})

test('what is past makes room before anything else does', () => {
  let now = 0
  const counts = failureCounts({ now: () => now, window: 100, room: 3 })
  for (let i = 0; i < 5; i++) counts.add('past')
  now = 60
  counts.add('a')
  counts.add('b')
  now = 120
  counts.add('c')
  assert.deepEqual([counts.of('a'), counts.of('b'), counts.of('c')], [1, 1, 1])
})
