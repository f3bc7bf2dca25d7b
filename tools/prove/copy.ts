// A copy of the program in a temporary folder, in which something may be broken. It has the packages of the original.

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Mutation } from '../../test/mutations/mutation.ts'
import { mutate } from './mutate.ts'
import { type Outcome, outcomeOf, type Ran, testsRun } from './tests-run.ts'

const PARTS = [
  'src',
  'test',
  'tools',
  'docs',
  'bin',
  'etc',
  'populations',
  'package.json',
  'tsconfig.json',
  // What a package has in it.
  'LICENSE',
  'CHANGELOG.md',
  'Containerfile',
]

export type Copy = {
  readonly folder: string
  /** Runs the test of a mutation with its line broken, and mends the line again. */
  prove(mutation: Mutation): Promise<Outcome>
  remove(): void
}

/** `mutations`: all that will be tried, so that each file of tests need be run only once as it is. */
export function copyOf(tree: string, mutations: readonly Mutation[]): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-prove-'))
  // Some tests start it as another user.
  chmodSync(folder, 0o755)
  for (const part of PARTS.filter(one => existsSync(join(tree, one))))
    cpSync(join(tree, part), join(folder, part), { recursive: true })
  symlinkSync(resolve(tree, 'node_modules'), join(folder, 'node_modules'))
  const baseline = baselines(folder, mutations)
  return {
    folder,
    prove: async ({ file, test, name, ...change }) => {
      const path = join(folder, file)
      const whole = readFileSync(path, 'utf8')
      const mutated = mutate(whole, { ...change, file })
      if ('broken' in mutated) return { kind: 'broken', why: mutated.broken }
      const before = outcomeOf(await baseline(test), test, name)
      if (before.kind === 'red')
        return { kind: 'broken', why: `the test is red without it: ${before.names.join('; ')}` }
      if (before.kind !== 'green') return before
      writeFileSync(path, mutated.text)
      try {
        const ran = await testsRun(folder, {
          file: test,
          ...(name === undefined ? {} : { names: [name] }),
        })
        return outcomeOf(ran, test, name)
      } finally {
        writeFileSync(path, whole)
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What unbroken code makes of a file of tests: where that is red, red means nothing. Each is run once. */
function baselines(folder: string, mutations: readonly Mutation[]): (file: string) => Promise<Ran> {
  const known = new Map<string, Promise<Ran>>()
  return file => {
    const names = mutations.filter(one => one.test === file).map(one => one.name)
    const isWhole = names.includes(undefined)
    const ran =
      known.get(file) ??
      testsRun(folder, {
        file,
        ...(isWhole ? {} : { names: names.filter(one => one !== undefined) }),
      })
    known.set(file, ran)
    return ran
  }
}
