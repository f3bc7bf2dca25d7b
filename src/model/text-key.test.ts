import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { textKey } from './text-key.ts'

test('texts without a space stand in their key as they are', () => {
  assert.equal(textKey('192.0.2.9', '8a.1', 'main'), '192.0.2.9 8a.1 main')
})

test('no two lists of texts have one key, whatever is in them', () => {
  const text = fc.string({ unit: fc.constantFrom(' ', '%', '2', '0', '5', 'a'), maxLength: 4 })
  const texts = fc.array(text, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      assert.equal(textKey(...one) === textKey(...other), isSame)
    }),
    { numRuns: 3000 },
  )
})
