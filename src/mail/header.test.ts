import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHeader } from './header.ts'

test('fields are unfolded, and no piece of a letter is taken for space', () => {
  const raw = Buffer.from('Subject : voil\u00e0\r\n\tc\u00e0 \r\n\r\nbody')
  const { fields, body } = parseHeader(raw)
  const value = Buffer.from('voil\u00e0 c\u00e0').toString('latin1')
  assert.deepEqual(fields, [{ name: 'subject', value, folds: [6] }])
  assert.equal(raw.toString('latin1', body), 'body')
})
