// Functions fit a screen, and say what they take: how long each may be, and that none is handed a whole bag of another's parts. Both were
// seen red when broken on purpose (the last two tests).

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Node, parseSync, Visitor } from 'oxc-parser'
import { booleanArguments } from './support/boolean-arguments.ts'
import { gerundBags } from './support/gerund-bags.ts'
import {
  bagProperties,
  bagTakers,
  bagTypes,
  objectSpreads,
  spreadBags,
} from './support/spread-bags.ts'

/** Lines of a function without those of the functions in it. */
const MAX_OWN = 60
/** Lines of a function with all that is in it. */
const MAX_WHOLE = 120
const MAX_EXCEPTIONS = 8

/** `file name`, and why it is as long as it is. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/drivers/ledger/migrations/001-first.ts up':
    'a schema is read from top to bottom, and a migration that was released is not changed',
  'src/engine/intake/examine.ts examine':
    'all that is known of a message is asked at once and put together at one place, field by field',
  'src/main.ts startCordon':
    'all parts in their order are one page, on which each names, one by one, what it takes',
}

/** What has the name of a property that is a bag elsewhere, and is none. */
const NO_BAGS: Readonly<Record<string, string>> = {
  'src/drivers/metrics/event-metrics.ts ...episodes': 'what hears which kind of event',
}

const files = globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))

type Long = { readonly name: string; readonly own: number; readonly whole: number }

test(`a function has at most ${MAX_OWN} lines of its own, and ${MAX_WHOLE} with those in it`, () => {
  assert.ok(files.length > 80, 'the sources were not found')
  const found = files.flatMap(file =>
    tooLong(file, readFileSync(file, 'utf8')).map(long => ({
      ...long,
      at: `${file} ${long.name}`,
    })),
  )
  const excused = found.filter(({ at }) => at in EXCEPTIONS)
  assert.deepEqual(
    found.filter(one => !excused.includes(one)),
    [],
  )
  assert.deepEqual(
    Object.keys(EXCEPTIONS).filter(at => !excused.some(one => one.at === at)),
    [],
    'exceptions that are none any more',
  )
  assert.ok(Object.keys(EXCEPTIONS).length <= MAX_EXCEPTIONS)
})

const sources = files.map(file => ({ file, text: readFileSync(file, 'utf8') }))

test('no function gets a bag of parts by a spread: what is taken is named', () => {
  const types = bagTypes(sources)
  assert.ok(types.size > 20)
  const properties = bagProperties(sources, types)
  const takers = bagTakers(sources, types)
  assert.ok(takers.size > 20)
  const spread = sources.flatMap(({ file, text }) =>
    spreadBags(file, text, { types, properties, takers }).map(what => `${file} ...${what}`),
  )
  assert.deepEqual(spread.toSorted(), Object.keys(NO_BAGS).toSorted())
})

test('no bag of parts is called by a gerund', () => {
  const types = bagTypes(sources)
  const gerunds = (file: string, text: string) =>
    gerundBags(file, text, types).map(name => `${file} ${name}`)
  assert.deepEqual(
    sources.flatMap(({ file, text }) => gerunds(file, text)),
    [],
  )
  for (const planted of [
    'const ordering = { reporter, followed, optOut }',
    'const taking: SubmitParts = make()',
    'type Effect = { readonly notifying: Pick<SubmitParts, 1> }',
    'const f = (looking: SubmitParts) => looking',
  ])
    assert.equal(gerunds('a.ts', planted).length, 1, planted)
  for (const text of ['const nothing = { a, b }', 'const waiting = { since: 1, a }', 'f(string)'])
    assert.deepEqual(gerunds('a.ts', text), [])
})

test('no call gives true or false by its place: it is named', () => {
  const others = globSync('{tools,bench,bin}/**/*.{ts,mjs}').map(file => ({
    file,
    text: readFileSync(file, 'utf8'),
  }))
  assert.ok(others.length > 20)
  assert.deepEqual(
    [...sources, ...others].flatMap(({ file, text }) => booleanArguments(file, text)),
    [],
  )
  const seen = (text: string) => booleanArguments('a.ts', text)
  for (const planted of [
    'f(a, true)',
    'a.b.f(false)',
    'new A(a, true)',
    'f(a, true, b)',
    'this.#f(true)',
  ])
    assert.deepEqual(seen(planted), [`a.ts: ${planted}`])
  for (const text of ['f({ a: true })', 'z.boolean().default(true)', "f('true')", 'resolve(true)'])
    assert.deepEqual(seen(text), [])
})

test('main.ts names all that a part takes: it has no spread', () => {
  assert.deepEqual(objectSpreads('src/main.ts', readFileSync('src/main.ts', 'utf8')), [])
})

test('a long function is seen', () => {
  const lines = (count: number) => '  go()\n'.repeat(count)
  const long = `function outer() {\n${lines(59)}}\n`
  assert.deepEqual(tooLong('a.ts', long), [{ name: 'outer', own: 61, whole: 61 }])
  assert.deepEqual(tooLong('a.ts', `const outer = () => {\n${lines(58)}}\n`), [])
  const inner = `const inner = () => {\n${lines(50)}}\n`
  const nested = `function outer() {\n${inner.repeat(2)}${lines(20)}}\n`
  assert.deepEqual(tooLong('a.ts', nested), [{ name: 'outer', own: 24, whole: 126 }])
})

test('a spread bag is seen', () => {
  const declared = `interface JudgeParts {}; type RolloutsParts = { a: 1 }; type OrderNeeds = { a: 1 }
    type Alias = OrderNeeds; type Some = Pick<Alias, 'a'>; type More = Some & { b: 2 }; type Other = { parts: OrderNeeds };
    type Own = { readonly engine: Required<Pick<JudgeParts, 'a'>>; readonly plain: number }`
  const types = bagTypes([{ file: 'b.ts', text: declared }])
  const properties = bagProperties([{ file: 'b.ts', text: declared }], types)
  assert.deepEqual([...properties].toSorted(), ['engine', 'parts'])
  assert.deepEqual([...types].toSorted(), [
    'Alias',
    'JudgeParts',
    'More',
    'OrderNeeds',
    'RolloutsParts',
    'Some',
  ])
  const imported = `import { run, go as went } from './c.ts'`
  const taking = `function run(a: number, parts: JudgeParts) {}; const go = ({ a }: RolloutsParts) => a`
  const takers = bagTakers([{ file: 'c.ts', text: taking }], types)
  assert.deepEqual([...takers].toSorted(), ['c.ts go 0', 'c.ts run 1'])
  const seen = (source: string) => spreadBags('a.ts', source, { types, properties, takers })
  assert.deepEqual(seen(`${imported}; const all = { a, b }; run(1, all); run(1, { ...all, c })`), [
    'all',
  ])
  assert.deepEqual(seen(`${imported}; const all = { a, b }; went(all); f({ ...all })`), ['all'])
  assert.deepEqual(seen(`${imported}; const all = { a, b }; run(all, c); f({ ...all })`), [])
  assert.deepEqual(seen('function f(given: JudgeParts) { return g({ ...given, a }) }'), ['given'])
  assert.deepEqual(seen('const f = (all: A & RolloutsParts) => g({ ...all.rollout })'), ['all'])
  assert.deepEqual(seen('class A { readonly #all: JudgeParts; m() { g({ ...this.#all }) } }'), [
    '#all',
  ])
  assert.deepEqual(seen('const f = (all: More) => g({ ...all })'), ['all'])
  assert.deepEqual(seen('const f = ({ ...all }: JudgeParts) => ({ ...all })'), ['all'])
  assert.deepEqual(seen('function f(a: JudgeParts) { const { b, ...c } = a; g({ ...c, b }) }'), [
    'c',
  ])
  assert.deepEqual(seen('const f = (p: JudgeParts) => Object.assign({}, p)'), ['p'])
  assert.deepEqual(
    seen('const make = (): JudgeParts => 1; const p = make(); const q = p; g({ ...q })'),
    ['q'],
  )
  assert.deepEqual(
    seen("import type { JudgeParts as JP } from './b.ts'; const f = (p: JP) => g({ ...p })"),
    ['p'],
  )
  assert.deepEqual(seen('const p = { a } satisfies JudgeParts; g({ ...p })'), ['p'])
  assert.deepEqual(seen('const parts = { a }; g({ ...parts })'), ['parts'])
  assert.deepEqual(
    seen('const noting = <P extends { c: Counters }>(all: P): P => ({ ...all, c: noted(all.c) })'),
    ['all'],
  )
  assert.deepEqual(seen('function f<T>(all: T) { return { ...all } }'), ['all'])
  assert.deepEqual(seen('const f = <T extends Mail>(mail: T): T => ({ ...mail, a })'), [])
  assert.deepEqual(seen('const f = (own: Own) => g({ ...own.engine })'), ['engine'])
  assert.deepEqual(seen('const f = ({ engine: all }: Own) => g({ ...all })'), ['all'])
  assert.deepEqual(seen('const f = (own: Own) => g({ ...own.plain })'), [])
  assert.deepEqual(seen('const parts: readonly Part[] = []; g([...parts])'), [])
  assert.deepEqual(seen('const f = ({ a, b }: JudgeParts) => g({ a, b })'), [])
  assert.deepEqual(objectSpreads('a.ts', 'f({ ...a, b }); g([...c])'), ['...a'])
})

function tooLong(file: string, text: string): Long[] {
  const found: Long[] = []
  const open: { readonly name: string; nested: number }[] = []
  let named = ''
  const enter = (node: { readonly id?: { readonly name: string } | null }) => {
    open.push({ name: node.id?.name ?? (named || (open.at(-1)?.name ?? '')), nested: 0 })
    named = ''
  }
  const exit = (node: Span) => {
    const whole = text.slice(node.start, node.end).split('\n').length
    const { name, nested } = open.pop() as { name: string; nested: number }
    const around = open.at(-1)
    // Its first line is one of those around it.
    if (around) around.nested += whole - 1
    const own = whole - nested
    if (own > MAX_OWN || whole > MAX_WHOLE) found.push({ name, own, whole })
  }
  const name = (key: Node, value: Node | null) => {
    named = value && /Function/.test(value.type) ? (nameOf(key) ?? '') : ''
  }
  new Visitor({
    VariableDeclarator: ({ id, init }) => name(id, init),
    Property: ({ key, value }) => name(key, value),
    MethodDefinition: ({ key, value }) => name(key, value),
    PropertyDefinition: ({ key, value }) => name(key, value),
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: () => enter({}),
    'FunctionDeclaration:exit': exit,
    'FunctionExpression:exit': exit,
    'ArrowFunctionExpression:exit': exit,
  }).visit(parseSync(file, text).program)
  return found
}

type Span = { readonly start: number; readonly end: number }

const nameOf = (key: Node): string | undefined =>
  key.type === 'Identifier' || key.type === 'PrivateIdentifier' ? key.name : undefined
