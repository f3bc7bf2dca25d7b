// Words that must not come back (docs/words.md), and names of types that say what they are.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseSync, Visitor } from 'oxc-parser'

const WORDS = 'docs/words.md'

/** Where an old word stands because it is read: data, configurations and routers of an earlier version. */
const EXCEPT = new Set([
  WORDS,
  'src/model/former-words.ts',
  'src/model/former-words.test.ts',
  'src/config/former-keys.ts',
  'src/drivers/spool/schema.ts',
  'test/upgrade/upgrade.test.ts',
  'test/words.test.ts',
  'src/sensors/firewall-log/firewall-log.ts',
  'src/sensors/firewall-log/firewall-log.test.ts',
  // Best wishes, in letters of the town and of a scenario.
  'test/scenarios/forms-and-traps.test.ts',
  'src/simulation/population/texts.ts',
])

/** Pages that developers read, and the two that name forbidden words on purpose; all others are for operators. */
const FOR_DEVELOPERS = new Set([
  WORDS,
  'docs/architecture.md',
  'docs/hacking.md',
  'docs/how-it-works.md',
  // Its last table says how each promise was broken on purpose.
  'docs/promises.md',
  'docs/testing.md',
])

/** Sources whose texts operators read: `--help` and output, metrics and their labels, reasons, rules, settings, orders, alarms. */
const TEXTS_FOR_OPERATORS = [
  'src/app/**/*.ts',
  'src/cli/**/*.ts',
  'src/config/**/*.ts',
  'src/core/policy/**/*.ts',
  'src/drivers/**/*.ts',
  'src/model/**/*.ts',
  'src/orders/**/*.ts',
  'src/sensors/**/*.ts',
  'src/wire/**/*.ts',
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

/** Between two words: nothing in camelCase, a hyphen, spaces, or a line break in a text or a comment. */
const BETWEEN = String.raw`(?:[\s_-]+(?:(?:\/\/|\*)\s+)?)`

/** `turned round` finds turnedRound, turned-round, and one at the end of a line; `lets … by` has up to three words in between. */
function pattern(words: readonly string[]): RegExp {
  const one = (word: string) =>
    word
      .split(/[\s-]+/)
      .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(word.includes('…') ? BETWEEN : `${BETWEEN}?`)
      .replace(`…${BETWEEN}`, String.raw`(?:[\w’']+${BETWEEN}){0,3}?`)
  return new RegExp(`(?<![a-z0-9])(?:${words.map(one).join('|')})(?![a-z0-9])`, 'gi')
}

/** `path:line: word` for each. Of letters: whole words, however they are written, also as a part of a name with hyphens. */
function foundIn(path: string, text: string, forbidden: RegExp): string[] {
  return [...text.matchAll(forbidden)].map(
    ({ 0: word, index }) =>
      `${path}:${text.slice(0, index).split('\n').length}: ${word.replaceAll(/\s+/g, ' ')}`,
  )
}

const found = (paths: readonly string[], words: readonly string[]): string[] => {
  const forbidden = pattern(words)
  return paths.flatMap(path => foundIn(path, read(path), forbidden))
}

test('a word of the field is not called otherwise again', () => {
  const paths = [
    '{src,test,tools,bench,bin}/**/*.{ts,mjs}',
    'docs/**/*.md',
    'etc/*',
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
  ].flatMap(one => globSync(one))
  assert.ok(paths.length > 500)
  const words = wordsUnder('Not')
  assert.deepEqual(
    found(
      paths.filter(path => !EXCEPT.has(path)),
      words,
    ),
    [],
  )
  assert.ok(found([WORDS], words).length >= words.filter(one => !one.includes('…')).length)
})

test('a forbidden word is seen however it is written', () => {
  const forbidden = pattern(wordsUnder('Not'))
  for (const text of [
    'turned round',
    'turned\nround',
    '// it is turned\n// round',
    ' * turned\n * round',
    'turnedRound',
    'client-misbehaved',
    'bad-manners',
    'It let them by',
    'lets it by',
    'not asked: an access list lets it by',
  ])
    assert.equal(foundIn('a', text, forbidden).length, 1, text)
  for (const text of ['turned', 'around', 'a turned-over stone', 'by the door', 'let me know'])
    assert.deepEqual(foundIn('a', text, forbidden), [], text)
})

test('what operators read names what it is about', () => {
  const words = wordsUnder('Not in what operators read')
  const pages = [...globSync('docs/*.md'), ...globSync('etc/*')]
  const theirs = pages.filter(page => !FOR_DEVELOPERS.has(page))
  assert.ok(theirs.length > 15)
  // The mailbox nobody@ of the dialogues beside Postfix is a name.
  const named = found(theirs, words).filter(one => !/^docs\/standards.md:\d+: nobody$/.test(one))
  assert.deepEqual(named, [])

  const forbidden = pattern(words)
  const sources = TEXTS_FOR_OPERATORS.flatMap(one => globSync(one)).filter(
    file => !file.endsWith('.test.ts'),
  )
  assert.deepEqual(
    sources.flatMap(file =>
      textsOf(file)
        // The mailbox nobody@ that does not exist.
        .filter(text => text !== 'nobody')
        .flatMap(text => foundIn(`${file} "${text}"`, text, forbidden)),
    ),
    [],
  )
})

/** Texts of a source: its strings and templates. */
function textsOf(file: string): string[] {
  const texts: string[] = []
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && texts.push(value)),
    TemplateElement: ({ value }) => void texts.push(value.cooked ?? ''),
  }).visit(parseSync(file, read(file)).program)
  return texts
}

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
