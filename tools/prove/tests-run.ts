// Runs one file of tests, or one test of it, in a copy of the program, and says what came of it. Prints nothing.

import { join } from 'node:path'
import { run } from 'node:test'

export type Tests = { readonly file: string; readonly name?: string }

/**
 * `red`: tests failed by themselves. `broken`: the file could not be read to its end, or hung, or has no such test: that proves nothing.
 * `not-run`: all of it was skipped here.
 */
export type Outcome =
  | { readonly kind: 'green' }
  | { readonly kind: 'red'; readonly names: readonly string[] }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'not-run'; readonly why: string }

/** A test that takes so long (ms) hangs. */
const PATIENCE = 5 * 60_000

export async function testsRun(folder: string, { file, name }: Tests): Promise<Outcome> {
  const path = join(folder, file)
  const red = new Set<string>()
  let unread: string | undefined
  let skipped: string | undefined
  let passed = 0
  const events = run({
    files: [path],
    cwd: folder,
    concurrency: 1,
    timeout: PATIENCE,
    execArgv: ['--test-force-exit'],
    ...(name === undefined ? {} : { testNamePatterns: [new RegExp(`^${RegExp.escape(name)}$`)] }),
  })
    .on('test:fail', ({ name: failed, details, todo }) => {
      const { failureType } = details.error as { failureType?: string }
      if (failureType === 'subtestsFailed' || todo !== undefined) return
      if (failed === path || failed === file || failureType === 'testTimeoutFailure')
        unread = `${failed} could not be run to its end`
      else red.add(failed)
    })
    .on('test:pass', ({ name: of, skip, nesting }) => {
      if (skip !== undefined) skipped = `${of}: ${skip === true ? 'skipped' : skip}`
      else if (of !== path && of !== file && nesting >= 0) passed++
    })
  for await (const _event of events);
  if (red.size > 0) return { kind: 'red', names: [...red] }
  if (unread !== undefined) return { kind: 'broken', why: unread }
  if (passed > 0) return { kind: 'green' }
  return skipped === undefined
    ? { kind: 'broken', why: `there is no such test in ${file}` }
    : { kind: 'not-run', why: skipped }
}
