// A value of any length is read from its beginning to its end, or it is said that it was not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReadingBudget } from '../reading-budget.ts'
import { type ParameterName, parameters } from './parameters.ts'
import { StructuredField } from './structured-field.ts'

const LENGTHS = [1, 70, 299, 300, 301, 400, 999, 2000, 2100, 9000]

const read = (value: string, name: ParameterName) =>
  parameters([new StructuredField({ value, folds: [] })], name, new ReadingBudget())

/** Of `length`, each place told from the others. */
const letters = (length: number): string =>
  Array.from({ length }, (_, i) => ((i * 7919) % 9973).toString(36))
    .join('')
    .slice(0, length)

const BOUNDARIES: readonly ((boundary: string) => string)[] = [
  b => `boundary="${b}" (c)`,
  b => `boundary=${b} (c)`,
  b => `boundary*=us-ascii''${b}`,
  b => `boundary*="us-ascii'${'en'.repeat(200)}'${b}"`,
  b => `boundary="${b}"; boundary="${b}"`,
  b => `boundary="${b}"; x="%"`,
  b => `boundary="${b}"x`,
  b => `boundary="${b}`,
  b => `x="${'y'.repeat(400)}; boundary="${b}`,
  b => `boundary="${'y'.repeat(400)}; boundary="${b}`,
  b => `boundary*0="${b.slice(0, -1)}"; boundary*1="${b.slice(-1)}"`,
]

for (const [i, write] of BOUNDARIES.entries())
  test(`a long boundary is kept, or said to be unread: ${i}`, () => {
    for (const length of LENGTHS) {
      const boundary = letters(length)
      const { values, tooMany } = read(`multipart/mixed; ${write(boundary)}`, 'boundary')
      assert.ok(values.has(boundary) || tooMany, `${length}`)
      // An honest message is never called unreadable for this.
      if (length <= 300) assert.ok(values.has(boundary) && !tooMany, `${length}`)
    }
  })

/** What some mail program takes for the name, and what stands behind it. */
const NAMES: readonly (readonly [name: string, written: string])[] = [
  ["'e.exe'", "'e.exe'"],
  ['e.exe', 'e".exe"'],
  ['e.exe', '"e.exe"'],
  ['e.exe', '"e".exe'],
  ['e.exe', 'e.exe'],
  ['e.exe', '\\"e.exe"'],
]

for (const [name, written] of NAMES)
  for (const behind of [',#', ' #', ' (#)', '" #', '"#"', ' ; #', "'#"])
    test(`what stands behind a name does not hide it: ${written}${behind}`, () => {
      const of = (length: number) =>
        read(`attachment; filename=${written}${behind.replace('#', 'i'.repeat(length))}`, 'name')
      const isRead = ({ values }: ReturnType<typeof of>) => values.has(name)
      const isReadWhenShort = isRead(of(1))
      for (const length of LENGTHS) {
        const found = of(length)
        assert.ok(isRead(found) === isReadWhenShort || found.tooMany, `${length}`)
      }
    })

test('a name in quotes of one stroke ends where they close, for some', () => {
  for (const behind of [',', '/', '=', '@x'])
    for (const length of LENGTHS) {
      const { values, tooMany } = read(
        `attachment; filename='e.exe'${behind}${'i'.repeat(length)}`,
        'name',
      )
      assert.ok(values.has("'e.exe'") || tooMany, `${behind} ${length}`)
    }
})

test('an honest name in pieces of an encoding is kept whole', () => {
  const coded = '%E3%81%82'.repeat(85)
  const { values, tooMany } = read(`attachment; filename*=utf-8''${coded}.pdf`, 'name')
  assert.ok(values.has(`${'あ'.repeat(85)}.pdf`))
  assert.ok(!tooMany)
})

test('what goes on to the end behind many semicolons is kept of every place, or said to be unread', () => {
  for (const length of [0, 100, 3000]) {
    const value = `multipart/mixed; boundary=a"; boundary=b";;;;e${' '.repeat(length)}`
    const { values, tooMany } = read(value, 'boundary')
    const isKept = [...values].some(one => one.trimEnd() === 'b";;;;e')
    assert.ok(isKept || tooMany, String(length))
  }
})
