import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OrderedPrefixes } from './ordered-prefixes.ts'

test('prefixes that begin in a range are found in their order, whatever order they came in', () => {
  const ordered = new OrderedPrefixes()
  assert.deepEqual([...ordered.between(0n, 1n << 127n)], [])
  for (let i = 0; i < 5000; i++) ordered.add(BigInt((i * 1237) % 5000), 128)
  ordered.add(1024n, 118)
  const found = [...ordered.between(1024n, 2048n)]
  assert.equal(found.length, 1025)
  assert.deepEqual(found.slice(0, 2), [
    { value: 1024n, bits: 118 },
    { value: 1024n, bits: 128 },
  ])
  assert.equal(found.at(-1)?.value, 2047n)
})
