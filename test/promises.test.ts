// A function gives a promise or it does not; only the hot files may give either, so that what is known at once costs no turn of the loop.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { asksWhetherPromise } from './support/at-once.ts'
import { eitherResults, eitherResultsIn } from './support/either-results.ts'

const files = globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))

const EVERY_STEP = 'every step of every message passes here'
const EVERY_COMMAND = 'waits only in a turn of the loop that is spent, not behind every command'

/** Where a turn of the loop for each would be measured, and why it passes there. */
const ANSWERS_AT_ONCE: Readonly<Record<string, string>> = {
  'src/doors/milter/server.ts': EVERY_COMMAND,
  'src/doors/policy-delegation/answers.ts': EVERY_STEP,
  'src/doors/policy-delegation/server.ts': EVERY_STEP,
  'src/doors/smtp/answers.ts': EVERY_STEP,
  'src/doors/smtp/connection.ts': EVERY_COMMAND,
  'src/drivers/counters/kept-counters.ts':
    'every batch of counters passes here; few must be on disk first',
  'src/drivers/counters/kept-states.ts':
    'every swap of a state passes here, and is to be done in one turn',
  'src/drivers/counters/write-behind.ts': 'what a batch told once waits for, if anything',
  'src/engine/engine.ts': EVERY_STEP,
  'src/engine/evidence/destination-names.ts': 'every event passes here; few ask for names',
  'src/engine/evidence/report.ts': 'every event passes here; few ask for names',
  'src/engine/intake/elsewhere/hold-at-rcpt.ts': EVERY_STEP,
  'src/engine/intake/header-in.ts': 'every chunk of a header passes here',
  'src/engine/intake/roll-back.ts': EVERY_STEP,
  'src/engine/judging/counting.ts': EVERY_STEP,
  'src/engine/judging/judge.ts': EVERY_STEP,
  'src/engine/judging/look-up.ts': EVERY_STEP,
  'src/engine/judging/one-step.ts': EVERY_STEP,
  'src/model/after.ts': 'what the others answer with',
  'src/sensors/decoy/server.ts': EVERY_COMMAND,
  'src/wire/command-turns.ts': EVERY_COMMAND,
  'src/wire/open-listener.ts':
    'every connection passes here, and connects to the engine in this thread or another',
  'src/wire/reading-turns.ts': 'every chunk of a header passes here',
}

/** Pages are templates of Hono, which gives a text or a promise of one. */
const OF_HONO = /\bHtmlEscapedString\b/

const isSource = (file: string) => file.startsWith('src/') && !file.endsWith('.test.ts')

test('only what is measured answers at once or later; all else awaits', () => {
  const either = eitherResults(isSource).filter(({ gives }) => !OF_HONO.test(gives))
  assert.ok(either.length > 20)
  const notListed = either.filter(({ file }) => !(file in ANSWERS_AT_ONCE))
  assert.deepEqual(
    notListed.map(({ file, line, gives }) => `${file}:${line}: ${gives}`),
    [],
  )
  const atOnce = files.filter(file => {
    const text = readFileSync(file, 'utf8')
    return (
      either.some(one => one.file === file) ||
      asksWhetherPromise(text) ||
      /from '[./]+\/after\.ts'/.test(text)
    )
  })
  assert.deepEqual(atOnce.toSorted(), Object.keys(ANSWERS_AT_ONCE))
})

test('a function that gives either, or asks whether it has a promise, is seen', () => {
  for (const planted of [
    "const is = typeof v?.then === 'function'",
    'types.isPromise(v)',
    'void (named(event)?.then(run) ?? run(event))',
    "const is = 'then' in v",
    'const f = () => (kept ? kept.then(() => done) : done)',
    'async () => { if (turn) await this.#cork.during(turn) }',
    'const f = () => { if (turned) { waits = true; void turned.then(goOn) } }',
  ])
    assert.ok(asksWhetherPromise(planted), planted)
  assert.ok(!asksWhetherPromise('const f = async () => { if (turn) await work() }'))

  const work = 'declare const work: () => Promise<number>; declare const a: number\n'
  const gives = (texts: readonly string[]) => eitherResultsIn(texts.map(text => work + text))
  const either = [
    'export function f(): number | Promise<number> { return work() }',
    'export const f = (): Promise<number> | undefined => undefined',
    'export const f = () => (a > 1 ? work() : a)',
    'type T = { run: () => number | Promise<number> }; export const t: T = { run: () => (a ? a : work()) }',
    'interface I { g(): Promise<unknown> | undefined }; export const i: I = { g() { return a ? work() : undefined } }',
    'export class C { f = () => (a ? undefined : work()); }',
  ]
  assert.deepEqual(
    gives(either).map(one => one.length),
    either.map(() => 1),
  )
  const fine = [
    'export type Part = { close(): void | Promise<void> }',
    'export const f = () => work()',
    'export const f = async (): Promise<number | undefined> => (a ? work() : undefined)',
    'export const f = () => work().then(n => (n > 1 ? work() : n))',
  ]
  assert.deepEqual(gives(fine), [[], [], [], []])
})
