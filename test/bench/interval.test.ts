// The interval on which a change passes or fails: that it is as sure as it says, also of figures with a long tail.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { medianInterval } from '../../bench/interval.ts'
import { random } from '../../src/simulation/population/random.ts'

test('of fifteen figures it lies between the fourth and the twelfth', () => {
  const shuffled = [7, 3, 15, 1, 9, 12, 5, 14, 2, 10, 8, 4, 13, 6, 11]
  assert.deepEqual(medianInterval(shuffled), [4, 12])
  assert.deepEqual(medianInterval([2, 1, 3]), [1, 3])
})

test('it holds the true median at least 95 times in a hundred, and not always', () => {
  const draw = random('medians')
  let held = 0
  const runs = 10_000
  for (let i = 0; i < runs; i++) {
    // Exponential: the median is ln 2.
    const [low, high] = medianInterval(Array.from({ length: 15 }, () => draw.wait(1)))
    if (low <= Math.LN2 && Math.LN2 <= high) held++
  }
  assert.ok(held > runs * 0.955 && held < runs * 0.975, `${held} of ${runs}`)
})
