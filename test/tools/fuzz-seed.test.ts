import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSeed } from '../support/fuzz-seed.ts'

test('a seed comes from the arguments, then from the variable; what is no number is refused', () => {
  const of = (args: readonly string[], variable?: string) => fuzzSeed(7, { args, variable })
  assert.equal(of([]), 7)
  assert.equal(of([], ''), 7)
  assert.equal(of([], '42'), 42)
  assert.equal(of(['--seed', '5'], '42'), 5)
  assert.equal(of(['--seed=6']), 6)
  for (const wrong of ['abc', '1e3', '-1', '1.5', ' 1'])
    assert.throws(() => of([], wrong), /write a whole number/, wrong)
  assert.throws(() => of(['--seed']), /write a whole number/)
})
