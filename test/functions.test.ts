// Functions fit a screen, and say what they take: how long each may be, and that none is handed a whole bag of another's parts. Both were
// seen red when broken on purpose (the last two tests).

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Node, parseSync, Visitor } from 'oxc-parser'

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

test('nobody is handed a bag of parts by a spread: what is taken is named', () => {
  const spread = files.flatMap(file =>
    spreadBags(file, readFileSync(file, 'utf8')).map(what => `${file} ...${what}`),
  )
  assert.deepEqual(spread, [])
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
  const seen = (source: string) => spreadBags('a.ts', source)
  assert.deepEqual(seen('function f(given: JudgeParts) { return g({ ...given, a }) }'), ['given'])
  assert.deepEqual(seen('const f = (all: A & RolloutsParts) => g({ ...all.rollout })'), ['all'])
  assert.deepEqual(seen('class A { readonly #given: Parts; m() { g({ ...this.#given }) } }'), [
    '#given',
  ])
  assert.deepEqual(seen('const parts: readonly Part[] = []; g([...parts])'), [])
  assert.deepEqual(seen('function f({ a, b }: JudgeParts) { return g({ a, b }) }'), [])
})

function tooLong(file: string, text: string): Long[] {
  const found: Long[] = []
  const open: { readonly name: string; nested: number }[] = []
  let named = ''
  const enter = (node: { readonly id?: { readonly name: string } | null }) => {
    open.push({ name: node.id?.name ?? named, nested: 0 })
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
  const name = (key: Node) => {
    named = nameOf(key) ?? ''
  }
  new Visitor({
    VariableDeclarator: ({ id }) => name(id),
    Property: ({ key }) => name(key),
    MethodDefinition: ({ key }) => name(key),
    PropertyDefinition: ({ key }) => name(key),
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

/** Names in this file that have a type called `…Parts`, and are spread into an object. */
function spreadBags(file: string, text: string): string[] {
  const bags = new Set<string>()
  const spread: string[] = []
  const isBag = (annotation: Span) =>
    /(?<![\w'])\w*Parts\b(?!\[)/.test(text.slice(annotation.start, annotation.end))
  const { program } = parseSync(file, text)
  new Visitor({
    Identifier: node => {
      if ('typeAnnotation' in node && node.typeAnnotation && isBag(node.typeAnnotation))
        bags.add(node.name)
    },
    PropertyDefinition: ({ key, typeAnnotation }) => {
      if (typeAnnotation && isBag(typeAnnotation)) bags.add(`#${nameOf(key)}`)
    },
  }).visit(program)
  new Visitor({
    ObjectExpression: ({ properties }) => {
      for (const one of properties) {
        if (one.type !== 'SpreadElement') continue
        const root = rootOf(one.argument)
        if (root !== undefined && bags.has(root)) spread.push(root)
      }
    },
  }).visit(program)
  return spread
}

const nameOf = (key: Node): string | undefined =>
  key.type === 'Identifier' || key.type === 'PrivateIdentifier' ? key.name : undefined

/** `given` of `given.some.thing`, and `#given` of `this.#given.thing`. */
function rootOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression') return undefined
  if (node.object.type === 'ThisExpression') return `#${nameOf(node.property)}`
  return rootOf(node.object)
}
