import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeCharset } from './charset.ts'

test('ASCII is read under a label of UTF-16 or UTF-32, too: few programs know some of them', () => {
  const text = 'see http://a.example/ now'
  for (const label of ['unicodefeff', 'unicodefffe', 'x-utf-16le-bom', 'utf-32'])
    assert.ok(decodeCharset(Buffer.from(text), label).includes(text), label)
  assert.equal(decodeCharset(Buffer.from(text, 'utf16le'), 'utf-16le'), text)
})

test('space before a label, however much, does not hide it', () => {
  const text = 'see http://a.example/ now'
  for (const length of [1, 60, 61, 400])
    assert.equal(decodeCharset(Buffer.from(text, 'utf16le'), `${' '.repeat(length)}utf-16le`), text)
})
