// The second pass of `npm test`, with slow stores: whatever is not run in it exists, and uses no store.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { NOT_SLOW, slowPass } from '../../tools/slow-pass.ts'

/** Where slow stores are made; and the program, which opens stores. */
const STORES = ['src/drivers/slow/slow-stores.ts', 'src/cli/cordon.ts', 'bin/cordon.mjs']

/** Whatever a file names that is a module of ours: what it imports, and what it starts. */
function named(file: string): string[] {
  const words = readFileSync(file, 'utf8').matchAll(/'([\w./-]+\.(?:ts|mjs))'/g)
  return [...words].flatMap(([, word = '']) =>
    [join(dirname(file), word), word, join('src', word)]
      .map(path => normalize(path))
      .filter(path => !path.startsWith('..') && !path.startsWith('/') && existsSync(path)),
  )
}

function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const next of named(file)) reached(next, seen)
  return seen
}

const usesStores = (file: string) => {
  const all = reached(file)
  return STORES.some(one => all.has(one))
}

test('files that are run once are there, and use no store', () => {
  for (const file of Object.values(NOT_SLOW).flat()) assert.ok(existsSync(file), file)
  assert.deepEqual(NOT_SLOW['no store'].filter(usesStores), [])
  // It would see it.
  for (const file of [
    'test/e2e/start.test.ts',
    'test/e2e/peers.test.ts',
    'test/scenarios/town.test.ts',
  ])
    assert.ok(usesStores(file), file)
})

test('all others are run twice', () => {
  const files = globSync('test/**/*.test.ts')
  const twice = slowPass(files)
  assert.equal(twice.length, files.length - Object.values(NOT_SLOW).flat().length)
  assert.ok(twice.includes('test/e2e/crash-everywhere.test.ts'))
  assert.deepEqual(slowPass(['test/e2e/new.test.ts']), ['test/e2e/new.test.ts'])
})
