import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transferEncodings } from './transfer-encoding.ts'

test('an encoding of no such name is none, whatever objects of JavaScript have by it', () => {
  for (const value of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
    const field = { name: 'content-transfer-encoding', value }
    assert.deepEqual(transferEncodings([field] as never), ['none'])
  }
})
