import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ChangedKeys } from './changed-keys.ts'
import { hash53 } from './hash.ts'

test('each key is taken once, however often it changed, and none is lost', () => {
  const round = fc.array(fc.nat(3000), { minLength: 2000, maxLength: 5000 })
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 4 }), rounds => {
      const changed = new ChangedKeys()
      for (const keys of rounds) {
        const hashed = keys.map(key => hash53(`k${key}`))
        for (const key of hashed) changed.add(key)
        const expected = [...new Set(hashed)].toSorted((a, b) => a - b)
        assert.deepEqual([...changed.take()], expected)
      }
      assert.equal(changed.take().length, 0)
      // The same as before is a change, too.
      for (let again = 0; again < 2; again++) {
        changed.add(7)
        assert.deepEqual([...changed.take()], [7])
      }
    }),
    { numRuns: 50 },
  )
})
