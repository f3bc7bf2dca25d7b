// Senders of a log that is followed: on a terminal the table anew, elsewhere a few lines for each that becomes certain, once.

import { adviceFor } from '../app/who-spams/advice.ts'
import type { LogsRead } from '../app/who-spams/read-logs.ts'
import { type Row, rowsOf } from '../app/who-spams/verdict.ts'
import { harmless, when } from './table.ts'

type View = {
  readonly json: boolean
  /** The table and what was covered. */
  readonly whole: (read: LogsRead) => string
}

/** Characters of an example. */
const WIDEST = 200
/** Names that are remembered as named. */
const MOST_NAMED = 100_000

/** Given anew what was read so far. */
export function senderView({
  json,
  whole,
}: View): (read: LogsRead, trouble: string | undefined) => void {
  const named = new Set<string>()
  const isTable = process.stdout.isTTY && !json
  let last: string | undefined
  return (read, trouble) => {
    if (trouble !== last && trouble !== undefined && !isTable) console.error(harmless(trouble))
    last = trouble
    if (isTable) {
      const wrong = trouble === undefined ? '' : `\n${harmless(trouble)}`
      process.stdout.write(`\u001B[H\u001B[J${whole(read)}${wrong}\nCtrl-C ends it.\n`)
      return
    }
    for (const row of rowsOf(read.senders)) {
      if (row.verdict !== 'certain' || named.has(row.who) || named.size >= MOST_NAMED) continue
      named.add(row.who)
      if (json) console.log(JSON.stringify({ ...row, advice: adviceFor(row, read.programs) }))
      else console.log(rowInWords(row, read.programs, CUT_LINES).join('\n'))
    }
  }
}

/** Whether lines of the log are printed to their end. */
export type ShownLines = { readonly isWhole: boolean }
export const CUT_LINES: ShownLines = { isWhole: false }

/** Verdict, lines of the log, and commands. */
export function rowInWords(
  row: Row,
  programs: LogsRead['programs'],
  { isWhole }: ShownLines,
): string[] {
  const since = row.since > 0 ? ` since ${when(row.since)}, by message ${row.namedAfter}` : ''
  const out = [`${harmless(row.who)}: ${row.verdict}${since}`]
  for (const { file, number, raw } of row.examples)
    out.push(`  ${harmless(file)}:${number}: ${harmless(isWhole ? raw : raw.slice(0, WIDEST))}`)
  const advice =
    row.verdict === 'certain' || row.verdict === 'likely' ? adviceFor(row, programs) : []
  if (advice.length > 0) out.push('  To stop it (nothing of this was run):')
  for (const line of advice) out.push(`    ${line}`)
  return out
}
