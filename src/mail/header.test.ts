import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parameter, parseHeader } from './header.ts'

test('a parameter as it is, quoted, in pieces, and in a character set of its own', () => {
  for (const [value, wanted] of [
    ['text/plain; charset=utf-8', 'utf-8'],
    ['text/plain; CHARSET="utf-8"', 'utf-8'],
    ['x; other="; charset=no"; charset=yes', 'yes'],
    ['x; charset="a \\"b\\" c"', 'a "b" c'],
    ["x; charset*=utf-8'en'Gr%C3%BC%C3%9Fe", 'Grüße'],
    ["x; charset*=iso-8859-1''Gr%FC", 'Grü'],
    ['x; charset*0*=utf-8\'\'a%20; charset*1="b.exe"', 'a b.exe'],
    ['x; charset*1=two; charset*0=one', 'onetwo'],
    ["x; charset*0*=utf-8''%C3; charset*1*=%BC", 'ü'],
    ['x; nocharset=a', undefined],
    ['x', undefined],
  ] as const)
    assert.equal(parameter(value, 'charset'), wanted, value)
})

test('fields are unfolded, and no piece of a letter is taken for space', () => {
  const raw = Buffer.from('Subject : voil\u00e0\r\n\tc\u00e0 \r\n\r\nbody')
  const { fields, body } = parseHeader(raw)
  const value = Buffer.from('voil\u00e0 c\u00e0').toString('latin1')
  assert.deepEqual(fields, [{ name: 'subject', value, folds: [6] }])
  assert.equal(raw.toString('latin1', body), 'body')
})
