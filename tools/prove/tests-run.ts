// Runs one file of tests, or some tests of it, in a copy of the program, and says what came of it. Prints nothing.

import { join } from 'node:path'
import { run } from 'node:test'

export type Ran = {
  /** Names of tests that failed by themselves, that passed, and that were skipped. */
  readonly red: readonly string[]
  readonly passed: readonly string[]
  readonly skipped: readonly string[]
  /** The file could not be read, or hung. */
  readonly unread?: string
}

/**
 * `red`: tests failed. `broken`: the file could not be run to its end, or has no such test: that proves nothing. `not-run`: all of it was
 * skipped here.
 */
export type Outcome =
  | { readonly kind: 'green' }
  | { readonly kind: 'red'; readonly names: readonly string[] }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'not-run'; readonly why: string }

/** What a broken test leaves running does not keep its file from ending. */
const LEFT_RUNNING = `--import=${new URL('../../test/support/left-running.ts', import.meta.url).href}`

/** A file of tests that takes so long (ms) hangs. */
const PATIENCE = 3 * 60_000

export async function testsRun(
  folder: string,
  { file, names }: { readonly file: string; readonly names?: readonly string[] },
): Promise<Ran> {
  const path = join(folder, file)
  const isFile = (name: string) => name === path || name === file
  const red: string[] = []
  const passed: string[] = []
  const skipped: string[] = []
  let unread: string | undefined
  const late = AbortSignal.timeout(PATIENCE)
  const events = run({
    files: [path],
    cwd: folder,
    concurrency: 1,
    execArgv: [LEFT_RUNNING],
    // The runner's own timeout does not end a process that hangs, and with --test-force-exit what failed may not be told any more.
    signal: late,
    ...(names ? { testNamePatterns: names.map(one => new RegExp(`^${RegExp.escape(one)}$`)) } : {}),
  })
    .on('test:fail', ({ name, details, todo }) => {
      const { failureType } = details.error as { failureType?: string }
      if (failureType === 'subtestsFailed' || todo !== undefined) return
      if (isFile(name) || late.aborted) unread = `${name} could not be run to its end`
      else red.push(name)
    })
    .on('test:pass', ({ name, skip }) => {
      if (skip !== undefined) skipped.push(name)
      else if (!isFile(name)) passed.push(name)
    })
  // Until it has ended.
  for await (const event of events) void event
  if (late.aborted) unread = `${file} hung`
  return { red, passed, skipped, ...(unread === undefined ? {} : { unread }) }
}

/** Of one test where it is named, otherwise of the whole file. */
export function outcomeOf(ran: Ran, file: string, name?: string): Outcome {
  const only = (names: readonly string[]) =>
    name === undefined ? names : names.filter(one => one === name)
  const red = only(ran.red)
  if (red.length > 0) return { kind: 'red', names: red }
  if (ran.unread !== undefined) return { kind: 'broken', why: ran.unread }
  if (only(ran.passed).length > 0) return { kind: 'green' }
  return only(ran.skipped).length > 0
    ? { kind: 'not-run', why: `it is skipped here: ${only(ran.skipped).join('; ')}` }
    : { kind: 'broken', why: `there is no such test in ${file}` }
}
