// What every clock must do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scaledClock, systemClock } from '../../src/drivers/clock/clocks.ts'
import type { Clock } from '../../src/ports/clock.ts'

const CLOCKS: readonly (readonly [string, Clock, number])[] = [
  ['the wall', systemClock, 1],
  ['a fast one', scaledClock(360), 360],
]

for (const [name, clock, scale] of CLOCKS)
  test(`${name}: never goes back, and says how long a span really takes`, () => {
    let before = clock.now()
    let passed = clock.passed()
    assert.ok(Number.isInteger(before) && before > Date.UTC(2020, 0, 1))
    for (let i = 0; i < 1000; i++) {
      const now = clock.now()
      assert.ok(now >= before)
      before = now
      const after = clock.passed()
      assert.ok(after >= passed)
      passed = after
    }
    assert.equal(clock.real(3600), 3600 / scale)
  })
