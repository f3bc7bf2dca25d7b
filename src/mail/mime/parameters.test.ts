import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReadingBudget } from '../reading-budget.ts'
import { StructuredField } from './structured-field.ts'
import { type ParameterName, parameters } from './parameters.ts'

const all = (value: string, name: ParameterName): readonly string[] => [
  ...parameters([new StructuredField({ value })], name, new ReadingBudget()).values,
]
/** Of UTF-16. */
const WIDE = [...'e.exe'].map(letter => `%00${letter}`).join('')

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
    ['x', undefined],
  ] as const)
    assert.deepEqual(all(value, 'charset').includes(wanted ?? ''), wanted !== undefined, value)
})

test('what some reader takes for space may stand around everything, however much of it', () => {
  for (const code of [...Array(0x21).keys(), 0x7f, 0x85, 0xa0])
    for (const blank of [String.fromCharCode(code), String.fromCharCode(code).repeat(400)]) {
      for (const value of [
        `multipart/mixed; boundary=${blank}"b"`,
        `multipart/mixed; boundary=${blank}b`,
        `multipart/mixed; boundary=b${blank}`,
        `multipart/mixed; boundary="b"${blank}`,
        `multipart/mixed; boundary${blank}="b"`,
        `multipart/mixed;${blank}boundary="b"`,
        `multipart/mixed; boundary=${blank}b${blank}; charset=x`,
        `multipart/mixed${blank}; boundary=${blank}"b"${blank}; charset=x`,
      ])
        assert.ok(all(value, 'boundary').includes('b'), JSON.stringify(value.slice(0, 60)))
      for (const value of [
        `attachment; filename*=${blank}utf-8''e%2Eexe`,
        `attachment; filename*${blank}=${blank}"utf-8''e%2Eexe"${blank}`,
        `attachment;${blank}filename*0${blank}=${blank}e${blank};${blank}filename*1=".exe"`,
      ])
        assert.ok(all(value, 'name').includes('e.exe'), JSON.stringify(value.slice(0, 60)))
    }
})

test('a language of any length does not hide the character set of a name', () => {
  for (const length of [0, 60, 61, 299, 1000])
    for (const quote of ['', '"']) {
      const value = `x; filename*=${quote}utf-16be'${'a'.repeat(length)}'${WIDE}${quote}`
      assert.ok(all(value, 'name').includes('e.exe'), `${length} ${quote}`)
    }
})

test('a character set of any length, and space round it, do not hide what stands behind it', () => {
  for (const length of [1, 60, 61, 200, 299, 1000])
    for (const quote of ['', '"'])
      for (const sign of ['i', ' ', 'i i']) {
        const long = sign.repeat(length)
        const boundary = `multipart/mixed; boundary*=${quote}us-ascii${long}''b${quote}`
        assert.ok(all(boundary, 'boundary').includes('b'), boundary)
        const pieces = `multipart/mixed; boundary*0*=${quote}us-ascii${long}''b${quote}; boundary*1=c`
        assert.ok(all(pieces, 'boundary').includes('bc'), pieces)
      }
  for (const length of [1, 60, 61, 299, 1000])
    for (const charset of ['utf-16be#', '#utf-16be', '#utf-16be#']) {
      const value = `x; filename*="${charset.replaceAll('#', ' '.repeat(length))}''${WIDE}"`
      assert.ok(all(value, 'name').includes('e.exe'), value)
    }
})

test('a long value keeps its character set, wherever it ends', () => {
  for (const end of ['', ' iii', '\tiii', '; x=y', ',iii', '"'])
    for (const length of [1, 299, 1000]) {
      const value = `x; filename*=mac-arabic''${'a'.repeat(length)}%aeexe${end}`
      assert.ok(
        [...all(value, 'name')].some(name => name.endsWith('a.exe')),
        value,
      )
      const language = `x; filename*="utf-16be'${'a;'.repeat(length)}'${WIDE}"${end}`
      assert.ok(all(language, 'name').includes('e.exe'), language)
    }
})

test('an encoded word may say any character set, of any length', () => {
  for (const charset of ['utf-8#', 'utf-8*#', 'us-ascii;\t#', '#', 'ut; x="#"f-8'])
    for (const length of [1, 60, 61, 1000])
      for (const word of ['q?e=2Eexe', 'b?ZS5leGU=']) {
        const value = `x; filename="=?${charset.replace('#', 'a'.repeat(length))}?${word}?="`
        assert.ok(all(value, 'name').includes('e.exe'), value)
      }
})
