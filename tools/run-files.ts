// Runs files of tests, each in a process of its own, prints what they say for people, and tells which failed.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import type { Skipped } from './allowed-skips.ts'

export type Ran = {
  readonly tests: number
  /** A test each; `what` is its file. */
  readonly skipped: readonly Skipped[]
  readonly success: boolean
  /** File -> names of what failed in it, by themselves and not for the sake of a test inside. */
  readonly failed: ReadonlyMap<string, readonly string[]>
  /** File -> how long it took (ms). */
  readonly took: ReadonlyMap<string, number>
  /** File -> what it and its programs computed (s), as far as they were waited for. */
  readonly cpu: ReadonlyMap<string, number>
}

/** No test takes so long, unless it hangs (ms). */
const PATIENCE = 15 * 60_000

/** What each file of tests begins with, in this order. */
const PRELOADED = ['light-runner.ts', 'left-running.ts'].map(
  file => `--import=${new URL(`../test/support/${file}`, import.meta.url).href}`,
)

/** Two for each core, at least four: most tests wait for a program, or for a while to pass, and use half a core. */
const AT_ONCE = Math.max(4, 2 * availableParallelism())

/** Tests start the program hundreds of times, and half of a start is compiling. What was compiled is kept here, by its content. */
export const COMPILED = resolve('node_modules/.cache/compiled')

export async function runFiles(files: readonly string[]): Promise<Ran> {
  process.env.NODE_COMPILE_CACHE ??= COMPILED
  const told = mkdtempSync(join(tmpdir(), 'cordon-cpu-'))
  process.env['CORDON_TEST_CPU'] = join(told, 'lines')
  writeFileSync(join(told, 'lines'), '')
  const failed = new Map<string, string[]>()
  const took = new Map<string, number>()
  const skipped: Skipped[] = []
  let ended = { tests: 0, success: false }
  const events = run({
    files: files.map(file => resolve(file)),
    concurrency: AT_ONCE,
    timeout: PATIENCE,
    // A test that fails while a program of its own still runs must not keep everything waiting for that program, nor leave it behind.
    execArgv: ['--test-force-exit', ...PRELOADED],
  })
    .on('test:fail', ({ file, name, details, todo }) => {
      const inside = (details.error as { failureType?: string }).failureType === 'subtestsFailed'
      if (inside || todo !== undefined) return
      // A file that could not be read to its end is a test that has the file's name.
      const of = relative('.', file ?? name)
      failed.set(of, [
        ...(failed.get(of) ?? []),
        relative('.', resolve(name)) === of ? 'the file itself' : name,
      ])
    })
    .on('test:pass', ({ file, name, skip }) => {
      if (skip === undefined) return
      const why = skip === true || skip === '' ? 'it does not say why' : skip
      skipped.push({ what: relative('.', file ?? name), why: `${name}: ${why}` })
    })
    .on('test:summary', ({ file, counts, success, duration_ms }) => {
      if (file === undefined) ended = { tests: counts.tests, success }
      else took.set(relative('.', file), duration_ms)
    })
  for await (const text of events.compose(new spec())) process.stdout.write(text as string)
  const cpu = cpuIn(readFileSync(join(told, 'lines'), 'utf8'))
  rmSync(told, { recursive: true, force: true })
  return { ...ended, skipped, failed, took, cpu }
}

/** Lines of test/support/left-running.ts. */
function cpuIn(lines: string): ReadonlyMap<string, number> {
  const cpu = new Map<string, number>()
  for (const [, file = '', seconds] of lines.matchAll(/^(.+) (\S+)$/gm))
    cpu.set(relative('.', file), Number(seconds))
  return cpu
}
