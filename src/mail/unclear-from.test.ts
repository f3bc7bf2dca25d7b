import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsOf } from './authors.ts'
import { parseHeader } from './header.ts'
import { unclearFrom } from './unclear-from.ts'

function wrong(header: string): string {
  const { fields } = parseHeader(Buffer.from(`${header}\r\n\r\n`))
  return unclearFrom(fields, authorsOf(fields))
}

test('who wrote a From that is not clear hears what is wrong with it, and how it was read', () => {
  const anna = 'anna@isp.example'
  assert.equal(wrong('Subject: hi'), 'it has no From field')
  assert.equal(wrong(`From: ${anna}\r\nFrom: ${anna}`), 'it has 2 From fields')
  assert.equal(wrong('From: root'), 'there is no address in From: root')
  assert.equal(wrong(`From: .. <${anna}>`), `not every program reads From: .. <${anna}>`)
  assert.equal(
    wrong(`From: "bert@isp.example"]\r\n <${anna}>`),
    `may be read as ${anna} or bert@isp.example: From: "bert@isp.example"] <${anna}>`,
  )
  assert.match(wrong(`From: ${'a@b.example '.repeat(900)}`), /^more than can be told may be read/)
})

test('it is one printable line of a reply', () => {
  for (const from of [`"Ä\x01%s" ${'x'.repeat(9000)}`, 'ä@b.example;'.repeat(90), '%\0']) {
    const text = wrong(`From: ${from}`)
    assert.match(text, /^[ -$&-~]{1,150}$/, text)
  }
})
