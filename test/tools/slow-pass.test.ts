// The second pass of `npm test`, with slow stores: what is not run in it exists, and either is named or uses no store.

import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { NOT_SLOW, slowPass, turnOf } from '../../tools/slow-pass.ts'

const FILES = globSync('test/**/*.test.ts')

/** Those that open stores or start the program, each by another way. */
const WITH_STORES = [
  'test/e2e/crash-everywhere.test.ts',
  'test/e2e/peers.test.ts',
  'test/contracts/counters.test.ts',
  'test/scenarios/killed-effects.test.ts',
]
const WITHOUT = [
  'test/fuzz/second-readers.test.ts',
  'test/cost/mail.test.ts',
  'test/contracts/archives.test.ts',
]

test('what is named is there', () => {
  for (const file of Object.values(NOT_SLOW).flat()) assert.ok(existsSync(file), file)
})

test('what uses a store is run twice, what uses none is not', () => {
  const twice = slowPass(FILES)
  assert.deepEqual(
    WITH_STORES.filter(file => !twice.includes(file)),
    [],
  )
  assert.deepEqual(
    WITHOUT.filter(file => twice.includes(file)),
    [],
  )
  assert.ok(twice.length > FILES.length / 2, `${twice.length} of ${FILES.length}`)
})

test('each of three commits in turn has about a third of them, a commit always the same, and none is left out of all three', () => {
  const all = slowPass(FILES)
  const turns = Array.from({ length: 20 }, (_, i) => turnOf(all, `${i}f0e`))
  for (const turn of turns) assert.ok(Math.abs(turn.length - all.length / 3) < all.length / 8)
  assert.deepEqual(turnOf(all, '3f0e'), turns[3])
  assert.deepEqual([...new Set(turns.flat())].toSorted(), all.toSorted())
  assert.deepEqual(turnOf(all, undefined), all)
})

test('a new file is run twice when it starts the program in any way', t => {
  const folder = mkdtempSync('node_modules/made-')
  t.after(() => rmSync(folder, { recursive: true }))
  let made = 0
  const uses = (text: string) => {
    const file = relative('.', join(folder, `${++made}.test.ts`))
    writeFileSync(file, text)
    return slowPass([file]).length === 1
  }
  assert.ok(uses("import { x } from '../../test/support/serve.ts'"))
  assert.ok(uses("spawn(process.execPath, ['src/cli/cordon.ts', 'serve'])"))
  assert.ok(uses("spawn('npm', ['start'])"))
  assert.ok(!uses("import { summarize } from '../../src/mail/link-hosts.ts'"))
})
