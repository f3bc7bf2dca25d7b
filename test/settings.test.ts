// What a setting is stands beside it: every number and boolean of a type of settings has a comment (unit, range, default, what turns it off),
// and docs/configuration.md has no row without a default or a meaning, none with a number or a boolean without its values.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const SETTINGS =
  /^export type (\w*(?:Settings|Limits|Options|Budgets|Caps))\b.* = .*\{\n([^]*?)^\}/gm
/** A field at any depth, and what stands in the line above. */
const FIELD = /^(.*)\n +(?:readonly )?(\w+)\??: (?:number|boolean)\b/gm

const uncommented = (text: string): string[] =>
  [...text.matchAll(SETTINGS)].flatMap(([, type = '', body = '']) =>
    [...`\n${body}`.matchAll(FIELD)]
      .filter(([, above = '']) => !/\*\/\s*$/.test(above))
      .map(([, , field = '']) => `${type}.${field}`),
  )

test('every number and boolean of settings says what it is', () => {
  const files = globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))
  assert.deepEqual(
    files.flatMap(file => uncommented(readFileSync(file, 'utf8')).map(one => `${file}: ${one}`)),
    [],
  )
})

test('a field without a comment is seen', () => {
  const type = (field: string) => `export type ASettings = {\n  readonly a: string\n${field}\n}\n`
  assert.deepEqual(uncommented(type('  readonly most: number')), ['ASettings.most'])
  assert.deepEqual(uncommented(type('  /** ms. */\n  readonly most: number')), [])
})

function rowsWithGaps(page: string): string[] {
  const rows = Array.from(
    page.matchAll(/^\| (`[^`]+`) \|(.*)\|$/gm),
    ([, path = '', rest = '']) => ({
      path,
      cells: rest
        .replaceAll(String.raw`\|`, '')
        .split('|')
        .map(cell => cell.trim()),
    }),
  )
  assert.ok(rows.length > 200)
  return rows
    .filter(({ cells: [standard = '', values = '', effect = '', meaning = ''] }) => {
      const isOne = /^`(?:\d.*|true|false)`$/.test(standard)
      return standard === '' || effect === '' || meaning === '' || (isOne && values === '')
    })
    .map(({ path }) => path)
}

test('no setting stands in the documentation without its default, values and meaning', () => {
  const page = readFileSync('docs/configuration.md', 'utf8')
  assert.deepEqual(rowsWithGaps(page), [])
  for (const planted of [
    '| `a` |  | 1 to 2 | at a reload | What it is |',
    '| `a` | `5` |  | at a reload | What it is |',
    '| `a` | `5` | 1 to 7 | at a reload |  |',
  ])
    assert.deepEqual(rowsWithGaps(`${page}\n${planted}\n`), ['`a`'])
})
