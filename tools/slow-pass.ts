// Which files of tests `npm test` runs a second time, with slow stores (CORDON_STORES=slow): those that come to a store by what they name,
// but for those named here, and of them a third at each commit. So a new file is run, or left out, without a word.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export const SLOW = { CORDON_STORES: 'slow' } as const

/** Why -> files. */
export const NOT_SLOW = {
  'about tools': [
    'test/e2e/npm-test.test.ts',
    'test/e2e/recipes.test.ts',
    'test/how-it-works.test.ts',
    'test/tools/npm-warnings.test.ts',
    'test/tools/slow-pass.test.ts',
  ],
  /** Says itself when each call arrives and is answered, and waits for no other delay. */
  'slow by itself': ['test/scenarios/slow-store.test.ts'],
  /** Minutes of real routers, modems and exporters of flows; test/lab has others that ask the stores as often. */
  'minutes of devices': [
    'test/lab/cpe.test.ts',
    'test/lab/flows.test.ts',
    'test/lab/kea-clean-up.test.ts',
    'test/lab/nftables.test.ts',
    'test/lab/who-is-closed.test.ts',
    'test/e2e/radius-proxy.test.ts',
  ],
  /** How much memory connections and messages take. */
  'about memory': ['test/e2e/crowd.test.ts', 'test/e2e/large.test.ts'],
  /** Dozens of starts and stops, most of which end before a store is asked, or wait for a part that hangs. Each other test of the program
   *  starts and stops it with slow stores, and test/e2e/crash-everywhere.test.ts kills it with them. */
  'starts and stops': [
    'test/e2e/crash.test.ts',
    'test/e2e/early-signals.test.ts',
    'test/e2e/start-damage.test.ts',
    'test/e2e/start-doors.test.ts',
    'test/e2e/start-refused.test.ts',
    'test/e2e/start.test.ts',
    'test/e2e/stop.test.ts',
  ],
  /** A hundred towns of half a minute each, and a month of mailings: calls are late by the wall clock, not by theirs. What is byte for byte the same there differs, too, in
   *  the numbers of messages and cases that two subjects get at the same instant. */
  'too long': [
    'test/e2e/start-pictures.test.ts',
    'test/scenarios/ordinary-mailers.test.ts',
    'test/scenarios/owed-replies.test.ts',
    'test/scenarios/town.test.ts',
    'test/scenarios/worms.test.ts',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

const left = new Set<string>(Object.values(NOT_SLOW).flat())

/** Where slow stores are made; and the program, which opens stores. */
const STORES = ['src/drivers/slow/slow-stores.ts', 'src/cli/cordon.ts', 'bin/cordon.mjs']

/** File -> modules that it names. */
const namedBy = new Map<string, readonly string[]>()

/** A program that starts the program: its file is not named. */
const BY_NPM = /'npm'/

export const slowPass = (files: readonly string[]): string[] =>
  files.filter(file => !left.has(file) && usesStores(file))

const TURNS = 3

/**
 * A third of them, each third about every third commit: the whole takes a third of the time of `npm test`. `commit`: its id in
 * hexadecimal digits, so that a commit that is tried again is tried alike; without one it is all of them.
 */
export function turnOf(files: readonly string[], commit: string | undefined): string[] {
  if (commit === undefined) return [...files]
  return files.filter(file => turnIn(file) === turnIn(commit))
}

const turnIn = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % TURNS

function usesStores(file: string): boolean {
  const all = reached(file)
  return STORES.some(one => all.has(one)) || BY_NPM.test(readFileSync(file, 'utf8'))
}

function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const next of namedIn(file)) reached(next, seen)
  return seen
}

/** Whatever a file names that is a module of ours: what it imports, and what it starts. */
function namedIn(file: string): readonly string[] {
  const known = namedBy.get(file)
  if (known) return known
  const words = readFileSync(file, 'utf8').matchAll(/'([\w./-]+\.(?:ts|mjs))'/g)
  const found = [...words].flatMap(([, word = '']) =>
    [join(dirname(file), word), word, join('src', word)]
      .map(path => normalize(path))
      .filter(path => !path.startsWith('..') && !path.startsWith('/') && existsSync(path)),
  )
  namedBy.set(file, found)
  return found
}
