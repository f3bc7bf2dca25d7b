// Every cell of evidence that the log, the case file and `cordon_evidence_units_total{cell}` may show stands in the table of docs/evidence.md:
// the cells that the source writes, and those that every step of every sign of the network brings about.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseSync, Visitor } from 'oxc-parser'
import { weigh } from '../src/core/detection/weigh.ts'
import type { EventOf } from '../src/model/event.ts'
import { TRAFFIC_SIGNS } from '../src/model/traffic-sign.ts'
import { namelessNumbers } from './support/nameless-numbers.ts'

const table = new Set(
  Array.from(
    readFileSync('docs/evidence.md', 'utf8').matchAll(/^\| ([a-z]+\/[\w/-]+) \|/gm),
    ([, name = '']) => name,
  ),
)

/** Larger than any step of a sign. */
const MOST = 1000

const who = {
  realm: 'main',
  address: '203.0.113.7',
  port: 4000,
  sure: 'certain',
  subscriber: 'anna',
} as const
const seen = { id: 'n.1', seq: 1, at: 0, who, port: 25, antiSpoofed: true } as const

function ofTheNetwork(): (EventOf<'egress-attempt'> | EventOf<'traffic-seen'>)[] {
  const to = {
    ...seen,
    kind: 'egress-attempt',
    destination: '198.51.100.1',
    completed: true,
  } as const
  return Array.from({ length: MOST }, (_, i) => i + 1).flatMap(count => [
    { ...to, outcome: 'refused' as const, fanOut: count },
    { ...to, outcome: 'redirected' as const, fanOut: count },
    { ...to, outcome: 'decoy' as const },
    ...TRAFFIC_SIGNS.map(sign => ({
      ...seen,
      kind: 'traffic-seen' as const,
      sign,
      other: '198.51.100.1',
      count,
    })),
  ])
}

test('every cell that a sign of the network brings about is in the table', () => {
  const cells = new Set(ofTheNetwork().flatMap(event => weigh(event).map(({ cell }) => cell)))
  assert.ok(cells.size > 8)
  assert.deepEqual(
    [...cells].filter(cell => !table.has(cell)),
    [],
  )
})

/** What stands behind `cell:` in the source: a text, or a text with names in it, as a pattern. */
function writtenCells(file: string): RegExp[] {
  const cells: RegExp[] = []
  new Visitor({
    Property: ({ key, value }) => {
      if (key.type !== 'Identifier' || key.name !== 'cell') return
      if (value.type === 'Literal') cells.push(new RegExp(`^${String(value.value)}$`))
      if (value.type === 'TemplateLiteral')
        cells.push(new RegExp(`^${value.quasis.map(one => one.value.cooked).join('.+')}$`))
    },
  }).visit(parseSync(file, readFileSync(file, 'utf8')).program)
  return cells
}

test('every cell that the source writes is in the table', () => {
  const files = globSync('src/{core,engine}/**/*.ts').filter(file => !file.endsWith('.test.ts'))
  const written = files.flatMap(writtenCells)
  assert.ok(written.length > 8)
  assert.deepEqual(
    written.filter(cell => ![...table].some(name => cell.test(name))).map(String),
    [],
  )
})

/** No evidence, or no numbers of it. */
const NO_NUMBERS = new Set([
  // The bytes of a record.
  'src/core/detection/episodes/record.ts',
  // Opening and closing port 25.
  'src/core/isolation/opt-out.ts',
])

/** Three readings of each recipient, or subject, stand in a row. */
const IN_ROWS = /\b3 \* (?:i\b|subjects\.length)/

test('no number of the evidence is without a name, by which the table prints it', () => {
  const files = globSync(
    'src/{core/{detection,isolation},engine/{evidence,intake}}/**/*.ts',
  ).filter(file => !file.endsWith('.test.ts') && !NO_NUMBERS.has(file))
  assert.ok(files.length > 80)
  assert.deepEqual(
    files
      .flatMap(file => namelessNumbers(file, readFileSync(file, 'utf8')))
      .filter(one => !IN_ROWS.test(one)),
    [],
  )
  for (const planted of [
    'f({ window: DAY })',
    'a > MINUTE',
    'a - b < (c ? HOUR : 0)',
    'mask(a, 16)',
  ])
    assert.deepEqual(namelessNumbers('a.ts', `const g = () => ${planted}`), [
      `a.ts: const g = () => ${planted}`,
    ])
  for (const text of ['const g = () => a * DAY', 'const A = 14 * DAY', 'const g = () => a + 1'])
    assert.deepEqual(namelessNumbers('a.ts', text), [])
})

test('every source in brackets is explained where the page says so', () => {
  const page = readFileSync('docs/evidence.md', 'utf8')
  const [, files = ''] = /are explained at the\s+top of\s+([^.]*(?:\.ts[^.]*)*)\./.exec(page) ?? []
  const explained = Array.from(files.matchAll(/`([^`]+)`/g), ([, file = '']) => file).flatMap(
    file =>
      Array.from(
        (readFileSync(file, 'utf8').split('\n\n')[0] ?? '').matchAll(/\[([a-z]+)\]: /g),
        ([, name = '']) => name,
      ),
  )
  assert.ok(explained.length > 2)
  const cited = new Set(Array.from(page.matchAll(/\[([a-z]+)\](?!\()/g), ([, name = '']) => name))
  assert.ok(cited.size > 3)
  assert.deepEqual(
    [...cited].filter(name => !explained.includes(name)),
    [],
  )
})
