// Words that must not come back (docs/words.md), and names of types that say what they are.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const WORDS = 'docs/words.md'

/** Where an old word stands because it is read: data, configurations and routers of an earlier version. */
const EXCEPT = new Set([
  WORDS,
  'src/model/former-words.ts',
  'src/model/former-words.test.ts',
  'src/config/former-keys.ts',
  'src/drivers/spool/schema.ts',
  'src/sensors/firewall-log/firewall-log.ts',
  'src/sensors/firewall-log/firewall-log.test.ts',
  // Best wishes, in letters of the town.
  'src/simulation/population/texts.ts',
])

/** Pages for operators that hold to it; those made from the source, too. */
const FOR_OPERATORS = [
  'docs/operations.md',
  'docs/inbound.md',
  'docs/network.md',
  'docs/configuration.md',
  'docs/reasons.md',
  'docs/rules.md',
  'docs/events.md',
  'docs/orders.md',
  'docs/cli.md',
  'etc/cordon.yaml',
]

const read = (path: string): string => readFileSync(path, 'utf8')

/** The words in the first column of a table of docs/words.md. */
function wordsUnder(title: string): readonly string[] {
  const [, table = ''] =
    new RegExp(`^## ${title}\n([^]*?)(?=^## |\\Z)`, 'm').exec(`${read(WORDS)}\n## `) ?? []
  const words = [...table.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
  )
  assert.ok(words.length > 2, title)
  return words
}

/** `path:line: word` for each. Of letters: whole words, however they are written. */
function found(paths: readonly string[], words: readonly string[]): string[] {
  const escaped = words.map(word => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const forbidden = new RegExp(`(?<![\\w-])(?:${escaped.join('|')})(?![\\w-])`, 'gi')
  return paths.flatMap(path =>
    read(path)
      .split('\n')
      .flatMap((line, i) =>
        [...line.matchAll(forbidden)].map(([word]) => `${path}:${i + 1}: ${word}`),
      ),
  )
}

test('a word of the field is not called otherwise again', () => {
  const paths = ['src/**/*.ts', 'docs/**/*.md', 'etc/*', 'README.md'].flatMap(one => globSync(one))
  assert.ok(paths.length > 500)
  const words = wordsUnder('Not')
  assert.deepEqual(
    found(
      paths.filter(path => !EXCEPT.has(path)),
      words,
    ),
    [],
  )
  assert.ok(found([WORDS], words).length >= words.length)
})

test('what operators read names what it is about', () => {
  assert.deepEqual(found(FOR_OPERATORS, wordsUnder('Not in what operators read')), [])
})

/** Files in which a type of this one word may be defined. */
const MOST = 2

test('an exported type is called what it is: one word is not the name of many', () => {
  const files = new Map<string, string[]>()
  for (const path of globSync('src/**/*.ts'))
    for (const [, name = ''] of read(path).matchAll(
      /^export (?:type|interface|class) ([A-Z][a-z0-9]+)\b/gm,
    ))
      files.set(name, [...(files.get(name) ?? []), path])
  assert.ok(files.size > 100)
  assert.deepEqual(
    [...files].filter(([, where]) => where.length > MOST),
    [],
  )
})

/** Of types that are not exported: a word that says nothing of what they hold. */
const EMPTY_NAMES = /^(?:export )?(?:type|interface|class) (Given|Found|Asked|Parts|Told|Kept)\b/gm

test('no type is called Given, Found, Asked, Parts, Told or Kept', () => {
  const named = globSync('src/**/*.ts').flatMap(path =>
    [...read(path).matchAll(EMPTY_NAMES)].map(([, name]) => `${path}: ${name}`),
  )
  assert.deepEqual(named, [])
})
