// A copy of the program in a temporary folder, in which something may be broken. It has the packages of the original.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Mutation } from '../../test/mutations/mutation.ts'
import { mutate } from './mutate.ts'
import { type Outcome, type Tests, testsRun } from './tests-run.ts'

const PARTS = ['src', 'test', 'tools', 'docs', 'bin', 'etc', 'package.json', 'tsconfig.json']

export type Copy = {
  readonly folder: string
  /** Runs the test of a mutation with its line broken, and mends the line again. */
  prove(mutation: Mutation): Promise<Outcome>
  remove(): void
}

export function copyOf(tree: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-prove-'))
  for (const part of PARTS) cpSync(join(tree, part), join(folder, part), { recursive: true })
  symlinkSync(resolve(tree, 'node_modules'), join(folder, 'node_modules'))
  /** What unbroken code makes of a test: where that is red, red means nothing. */
  const before = new Map<string, Promise<Outcome>>()
  const baseline = (tests: Tests) => {
    const key = JSON.stringify(tests)
    const known = before.get(key) ?? testsRun(folder, tests)
    before.set(key, known)
    return known
  }
  return {
    folder,
    prove: async ({ file, test, name, ...change }) => {
      const path = join(folder, file)
      const whole = readFileSync(path, 'utf8')
      const mutated = mutate(whole, change)
      if ('broken' in mutated) return { kind: 'broken', why: mutated.broken }
      const tests = { file: test, ...(name === undefined ? {} : { name }) }
      const sound = await baseline(tests)
      if (sound.kind === 'red')
        return { kind: 'broken', why: `the test is red without it: ${sound.names.join('; ')}` }
      if (sound.kind !== 'green') return sound
      writeFileSync(path, mutated.text)
      try {
        return await testsRun(folder, tests)
      } finally {
        writeFileSync(path, whole)
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
