import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeCharset } from './charset.ts'

test('ASCII is read under a label of UTF-16 or UTF-32, too: few programs know some of them', () => {
  const text = 'see http://a.example/ now'
  for (const label of ['unicodefeff', 'unicodefffe', 'x-utf-16le-bom', 'utf-32'])
    assert.ok(decodeCharset(Buffer.from(text), label).includes(text), label)
  assert.equal(decodeCharset(Buffer.from(text, 'utf16le'), 'utf-16le'), text)
})
