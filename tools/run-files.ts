// Runs files of tests, each in a process of its own, prints what they say for people, and tells which failed.

import { relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

export type Ran = {
  readonly tests: number
  readonly skipped: number
  readonly success: boolean
  /** File -> names of what failed in it, by themselves and not for the sake of a test inside. */
  readonly failed: ReadonlyMap<string, readonly string[]>
}

/** No test takes so long, unless it hangs (ms). */
const PATIENCE = 15 * 60_000

export async function runFiles(files: readonly string[]): Promise<Ran> {
  const failed = new Map<string, string[]>()
  let ended: Omit<Ran, 'failed'> = { tests: 0, skipped: 0, success: false }
  const events = run({
    files: files.map(file => resolve(file)),
    concurrency: 2,
    timeout: PATIENCE,
    // A test that fails while a program of its own still runs must not keep everything waiting for that program.
    execArgv: ['--test-force-exit'],
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
    .on('test:summary', ({ file, counts, success }) => {
      if (file === undefined) ended = { tests: counts.tests, skipped: counts.skipped, success }
    })
  for await (const text of events.compose(new spec())) process.stdout.write(text as string)
  return { ...ended, failed }
}
