// Words that must not come back (docs/words.md), and those that are to be in use.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseSync, Visitor } from 'oxc-parser'
import { MAX_HOLD_HOURS, QUIET_FOR } from '../src/model/decision.ts'
import { HOUR } from '../src/model/duration.ts'

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

/** The name of a file, which stays what it is. */
const DECISION = /decisions\/[\w-]+\.md/g

/** The mailbox of the dialogues beside Postfix that does not exist, in a command or with its domain. */
const NO_MAILBOX = /\bnobody(?=@|[`"]|>)/g

/** Somebody without a noun, at the beginning of a text, a cell of a table, an item or a clause; a question has none, and a heading of one word. */
const WHO_OF_A_CLAUSE =
  /(?:(?:[.;:]\s|\b(?:only|to|for|but|than)\s|\n(?:\n|[|-] |\d\. )|\| )\s*|(?<![^]))who\b(?=[’'\s]+\w)(?![^.;]*\?)/gi

/** Names, not words: the mailboxes nobody@ and somebody@ that do not exist, an address of the lab, and keys of counters. */
const NAMES = /^(?:nobody|somebody@?|everybody(?:#taken)?)$/

/** Texts in these are for customers and senders: letters, the portal, bounces. They may be warm. */
const FOR_CUSTOMERS =
  /^src\/(?:languages\/|core\/notices\/|engine\/letters\/|mail\/dsn\.ts|doors\/http\/(?:held-card|port25-part|portal-pages|why-pages)\.ts|engine\/port25\/opt-out-checks\.ts)/

const read = (path: string): string => readFileSync(path, 'utf8')

/** What stands below a heading of docs/words.md. */
const tableOf = (title: string): string =>
  new RegExp(`^## ${title}\n([^]*?)(?=^## )`, 'm').exec(`${read(WORDS)}\n## `)?.[1] ?? ''

/** The words in the first column of a table of docs/words.md. */
function wordsUnder(title: string): readonly string[] {
  const table = tableOf(title)
  const words = [...table.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
  )
  assert.ok(words.length > 2, title)
  return words
}

/** Between two words: nothing in camelCase, a hyphen, spaces, or a line break in a text or a comment. */
const BETWEEN = String.raw`(?:[\s_-]+(?:(?:\/\/|\*)\s+)?)`

/** `turned round` finds turnedRound, turned-round, and one at the end of a line; `lets … by` has any words up to a comma in between. */
function pattern(words: readonly string[]): RegExp {
  const one = (word: string) =>
    word
      .split(/[\s-]+/)
      .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(word.includes('…') ? BETWEEN : `${BETWEEN}?`)
      .replace(`…${BETWEEN}`, String.raw`(?:[\w’'\`@/-]+${BETWEEN})*?`)
  return new RegExp(`(?<![a-z0-9])(?:${words.map(one).join('|')})(?![a-z0-9])`, 'gi')
}

/** `path:line: word` for each. Of letters: whole words, however they are written, also as a part of a name with hyphens. */
function foundIn(path: string, text: string, forbidden: RegExp): string[] {
  return [...text.matchAll(forbidden)].map(
    ({ 0: word, index }) =>
      `${path}:${text.slice(0, index).split('\n').length}: ${word.replaceAll(/\s+/g, ' ')}`,
  )
}

/** The item of CHANGELOG.md that says what old names are called now. */
const OLD_NAMES = /^- \*\*Names\.\*\*[^]*?(?=^- )/m

/** Its lines stay where they are. */
const withoutOldNames = (path: string, text: string): string =>
  path === 'CHANGELOG.md' ? text.replace(OLD_NAMES, item => item.replaceAll(/[^\n]+/g, '')) : text

/** Where a word of the field is not called otherwise: each place with the list `Not`. */
const EVERYWHERE = [
  '{src,test,tools,bench,bin}/**/*.{ts,mjs}',
  'docs/**/*.md',
  'etc/*',
  'populations/*',
  '*.md',
  '.github/**/*.{md,yml,yaml}',
]

const ofTheField = wordsUnder('Not')
const fieldsForbidden = pattern(ofTheField)
const ofOperators = wordsUnder('Not in what operators read')
const forbiddenToOperators = pattern(ofOperators)

/** What code and pages are to use where the thing is meant. */
const IN_USE = [
  'redirect-25',
  'walled garden',
  'protocol violation',
  'ESMTP parameters',
  'skipRules',
  'batch',
  'attempt',
  'exempt',
  'unlock',
  'rollback',
  'resync',
  'kind of evidence',
  'subscriber state',
]

/** Words and their other names, of the first columns of both tables. */
const listed = (): readonly string[] =>
  ['Words of our own', 'Words of the field'].flatMap(title =>
    [...tableOf(title).matchAll(/^\| ([^|]+) \|/gm)]
      .slice(1)
      .flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '))
      .filter(one => !one.startsWith('-'))
      .map(one => one.replace(/ in an event$/, '')),
  )

/** Its plural and its forms count, too: batches, unlocks, exempted. */
const isUsedIn = (word: string, texts: readonly string[]): boolean => {
  const form = word.replace(/^kind of evidence$/, '(?:kinds? of evidence|EvidenceKinds?)')
  const whole = form === word ? pattern([word]).source.replace(/\(\?!\[a-z0-9\]\)$/, '') : form
  const used = new RegExp(whole, 'i')
  return texts.some(text => used.test(text))
}

test('a word of docs/words.md is in use, those that have replaced others in code and on pages', () => {
  const code = globSync('src/**/*.ts').map(read)
  const pages = globSync('docs/*.md')
    .filter(page => page !== WORDS)
    .map(read)
  const words = listed()
  assert.ok(words.length > 60)
  assert.deepEqual(
    words.filter(word => !isUsedIn(word, [...code, ...pages])),
    [],
  )
  assert.deepEqual(
    IN_USE.filter(word => !words.includes(word)),
    [],
  )
  for (const where of [code, pages])
    assert.deepEqual(
      IN_USE.filter(word => !isUsedIn(word, where)),
      [],
    )
  assert.ok(!isUsedIn('planted word', code) && isUsedIn('planted word', ['PlantedWords']))
})

const inWholeText = (path: string, text: string): string[] =>
  EXCEPT.has(path) ? [] : foundIn(path, withoutOldNames(path, text), fieldsForbidden)

test('a word of the field is not called otherwise again', () => {
  const paths = EVERYWHERE.flatMap(one => globSync(one))
  assert.ok(paths.length > 500)
  assert.deepEqual(
    paths.flatMap(path => inWholeText(path, read(path))),
    [],
  )
  const listed = foundIn(WORDS, read(WORDS), fieldsForbidden)
  assert.ok(listed.length >= ofTheField.filter(one => !one.includes('…')).length)
})

test('a forbidden word is seen however it is written', () => {
  const forbidden = fieldsForbidden
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
    'lets a report\nto exactly that address of whichever day by',
  ])
    assert.equal(foundIn('a', text, forbidden).length, 1, text)
  for (const text of [
    'turned',
    'around',
    'a turned-over stone',
    'by the door',
    'let me know',
    'let a = 1 // by',
    'Let them go. By then',
  ])
    assert.deepEqual(foundIn('a', text, forbidden), [], text)
})

/** Pages that operators read. Decisions tell developers why. */
const PAGES = ['docs/*.md', 'etc/*', 'populations/*', '*.md', '.github/**/*.{md,yml,yaml}']
/** Sources whose strings they read: `--help` and output, metrics and their labels, reasons, rules, settings, orders, alarms, the API. */
const SOURCES = 'src/**/*.ts'

function inOperatorsText(path: string, text: string): string[] {
  if (!path.endsWith('.ts'))
    return FOR_DEVELOPERS.has(path)
      ? []
      : foundIn(
          path,
          withoutOldNames(path, text.replaceAll(DECISION, '').replaceAll(NO_MAILBOX, '')),
          forbiddenToOperators,
        ).concat(foundIn(path, withoutOldNames(path, text), WHO_OF_A_CLAUSE))
  if (FOR_CUSTOMERS.test(path) || path.endsWith('.test.ts')) return []
  return textsOf(path, text)
    .filter(one => !NAMES.test(one))
    .flatMap(one =>
      [forbiddenToOperators, WHO_OF_A_CLAUSE].flatMap(words =>
        foundIn(`${path} "${one}"`, one, words),
      ),
    )
}

test('what operators read names what it is about', () => {
  const paths = [...PAGES, SOURCES].flatMap(one => globSync(one))
  assert.ok(paths.length > 500)
  assert.deepEqual(
    paths.flatMap(path => inOperatorsText(path, read(path))),
    [],
  )
})

test('a word that is planted where operators read is seen', () => {
  for (const who of ['Who answers does not do it.', 'It waits; who comes later waits.'])
    assert.equal(inOperatorsText('src/a.ts', `say(${JSON.stringify(who)})`).length, 1, who)
  for (const who of ['a\n\nWho answers waits', '| a | who pays |', '- who pays'])
    assert.equal(inOperatorsText('docs/a.md', `x\n${who}\n`).length, 1, who)
  for (const fine of ['who', 'Who may send?', '${a} who waits'])
    assert.deepEqual(inOperatorsText('src/a.ts', `say(\`${fine}\`)`), [], fine)
  for (const glob of EVERYWHERE)
    for (const word of ['turned round', 'manners', 'wishes']) {
      const path = globSync(glob).find(one => !EXCEPT.has(one)) ?? ''
      assert.equal(inWholeText(path, `${read(path)}\n${word}\n`).length, 1, `${glob}: ${word}`)
    }
  for (const word of ofOperators) {
    for (const glob of PAGES) {
      const path = globSync(glob).find(one => !FOR_DEVELOPERS.has(one)) ?? ''
      assert.equal(inOperatorsText(path, `${read(path)}\n${word}\n`).length, 1, `${glob}: ${word}`)
    }
    for (const folder of globSync('src/{*,core/*,drivers/*,engine/*,doors/*}/')) {
      const path = `${folder}/planted.ts`
      if (FOR_CUSTOMERS.test(path)) continue
      for (const text of [
        `throw new Error(${JSON.stringify(`There is ${word} here.`)})`,
        `say(\`is \${a} ${word}\`)`,
      ])
        assert.equal(inOperatorsText(path, text).length, 1, `${path}: ${text}`)
    }
  }
})

/** How long mail is held, and how long a line must be quiet (`THREE_DAYS` of src/model/decision.ts), written by hand. */
const HELD_FOR = /\b72 ?(?:h|hours|Stunden)\b|\bthree days(?! before)\b|\bdrei Tage\b/

test('texts take the hours of a hold and of an isolation from the constant', () => {
  const sources = globSync(SOURCES).filter(path => !path.endsWith('.test.ts'))
  assert.deepEqual(
    sources.flatMap(path =>
      textsOf(path, read(path))
        .filter(text => HELD_FOR.test(text))
        .map(text => `${path}: ${text}`),
    ),
    [],
  )
  const pages = globSync('docs/*.md').filter(page => HELD_FOR.test(read(page)))
  assert.ok(pages.length > 2)
  for (const hours of [MAX_HOLD_HOURS, QUIET_FOR / HOUR])
    assert.equal(hours, 72, `it is written by hand in ${pages.join(', ')}`)
})

const COMMENTED = [SOURCES, '{bench,tools,bin}/**/*.{ts,mjs}']
const forbiddenInComments = pattern(wordsUnder('Not in comments of the source'))
/** A sentence without a noun for it; a question has none. */
const WHO = /(?:^|[.;]\s)\s*who\b(?![^.;]*\?)/gi

/** Names of code say what they hold, too. */
const NAMED_NOBODY = /^(?:nobody|somebody|everybody|everyone|anybody|anyone|whoever)$/i

function namedNobody(path: string, source: string): string[] {
  const names = new Set<string>()
  const add = (node: { readonly type: string; readonly name?: string } | null) =>
    void (node?.name && NAMED_NOBODY.test(node.name) && names.add(`${path}: ${node.name}`))
  new Visitor({
    Identifier: add,
  }).visit(parseSync(path, source).program)
  return [...names]
}

test('a name of code is not nobody, somebody or everybody', () => {
  const paths = COMMENTED.flatMap(one => globSync(one)).filter(
    path => !path.endsWith('.test.ts') && !EXCEPT.has(path),
  )
  assert.deepEqual(
    paths.flatMap(path => namedNobody(path, read(path))),
    [],
  )
  for (const planted of ['const nobody = 1', 'f(EVERYBODY)', 'const { everyone } = a'])
    assert.equal(namedNobody('a.ts', planted).length, 1, planted)
  assert.deepEqual(namedNobody('a.ts', "const a = 'nobody'"), [])
})

/** The comments of a source; lines that follow one another are one. */
function commentsOf(file: string, source: string): string[] {
  const joined: string[] = []
  let end = -1
  for (const { type, value, ...at } of parseSync(file, source).comments) {
    const text = value.replaceAll(/^\s*\*?\s?|\s+$/gm, '')
    const goes = type === 'Line' && end >= 0 && /^\n[ \t]*$/.test(source.slice(end, at.start))
    if (goes) joined.push(`${joined.pop()}\n${text}`)
    else joined.push(text)
    end = type === 'Line' ? at.end : -1
  }
  return joined
}

const inComments = (path: string, source: string): string[] =>
  commentsOf(path, source).flatMap(comment => [
    ...foundIn(path, comment, forbiddenInComments),
    ...[...comment.matchAll(WHO)].map(() => `${path}: "who" without a noun: ${comment}`),
  ])

test('a comment names what it is about', () => {
  const paths = COMMENTED.flatMap(one => globSync(one))
  assert.ok(paths.some(path => path.startsWith('bench/')))
  assert.deepEqual(
    paths.flatMap(path => inComments(path, read(path))),
    [],
  )
  for (const planted of [
    '// so nobody waits',
    '// It is told\n// to whoever asks.',
    '/** Who asks, and when. */',
    '/**\n * All may speak; who is answered\n * speaks again.\n */',
  ])
    assert.equal(inComments('a.ts', `${planted}\nconst a = 1\n`).length, 1, planted)
  for (const text of [
    "const a = 'nobody'",
    '// Who may? All clients.',
    '// Strangers who guess wait',
  ])
    assert.deepEqual(inComments('a.ts', text), [])
})

/** Texts of a source: its strings and templates. */
function textsOf(file: string, source: string): string[] {
  const texts: string[] = []
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && texts.push(value)),
    TemplateElement: ({ value }) => void texts.push(value.cooked ?? ''),
  }).visit(parseSync(file, source).program)
  return texts
}
