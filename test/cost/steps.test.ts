// The step counter sees what was planted, and the same each time.

import { steps } from './steps.ts'
import { assertLinear } from './growth.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copying, exponential, linear, quadratic, rejoining, searching } from './planted.ts'

const asText = (run: (text: string) => unknown) => (size: number) => {
  const text = 'ab '.repeat(size).slice(0, size)
  return () => run(text)
}

test('the same input takes the same steps, and nothing stays behind', () => {
  const { concat } = Buffer
  const run = () => linear('abc'.repeat(1000))
  assert.equal(steps(run), steps(run))
  assert.ok(steps(run) > 3000)
  assert.equal(Buffer.concat, concat)
})

test('what is linear passes', () => {
  assertLinear('linear', { upTo: 65_536, perUnit: 5, prepare: asText(linear) })
})

test('planted work that grows too fast is seen', () => {
  const planted = {
    quadratic: asText(quadratic),
    copying: asText(copying),
    searching: asText(searching),
    rejoining: (size: number) => {
      const pieces = Array.from({ length: size }, () => Buffer.from('x'))
      return () => rejoining(pieces)
    },
    normalising: (size: number) => {
      const marks = `a${'\u0315'.repeat(size / 2)}${'\u0323'.repeat(size / 2)}`
      return () => marks.normalize('NFC')
    },
  }
  for (const [name, prepare] of Object.entries(planted)) {
    const grown = new RegExp(`^AssertionError.*${name}: \\d+ steps at`)
    assert.throws(() => assertLinear(name, { from: 64, upTo: 1024, perUnit: 1e9, prepare }), grown)
  }
  assert.throws(
    () =>
      assertLinear('exponential', {
        from: 10,
        upTo: 20,
        perUnit: 1e9,
        prepare: asText(exponential),
      }),
    /exponential: \d+ steps at/,
  )
})
