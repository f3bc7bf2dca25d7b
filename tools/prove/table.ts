// The table of mutations in docs/promises.md: which line was broken for which row, and what the named test said, when, with which commit.

import type { Mutation } from '../../test/mutations/mutation.ts'
import type { Outcome } from './tests-run.ts'

export type Proved = { readonly mutation: Mutation; readonly outcome: Outcome }

export type Run = {
  /** A day, `2026-11-26`. */
  readonly on: string
  readonly commit: string
  /** Every mutation there is: of those that were not tried now, what was found before stands. */
  readonly all: readonly Mutation[]
}

export const BEGIN = '<!-- Made by "npm run prove". Do not edit. -->'
const HEAD = `| row | broken | in | red in | outcome |
|---|---|---|---|---|`

/** The page with this table in place of the one it has. */
export function withTable(page: string, proved: readonly Proved[], run: Run): string {
  const at = page.indexOf(BEGIN)
  if (at < 0) throw new Error(`the page has no place for the table: ${BEGIN}`)
  const before = page.slice(at).split('\n')
  const outcomes = new Map(proved.map(({ mutation, outcome }) => [startOf(mutation), outcome]))
  const lines = [...run.all]
    .sort((a, b) => a.row - b.row || (startOf(a) < startOf(b) ? -1 : 1))
    .flatMap(mutation => {
      const start = startOf(mutation)
      const outcome = outcomes.get(start)
      return outcome ? lineOf(start, outcome, run) : before.filter(line => line.startsWith(start))
    })
  return `${page.slice(0, at)}${BEGIN}\n${[HEAD, ...lines].join('\n')}\n`
}

/** As it begins for this mutation, whatever came of it. */
export const startOf = ({ row, what, file, test }: Mutation): string =>
  `| #${row} | ${cell(what)} | ${file} | ${test} |`

function lineOf(start: string, { kind }: Outcome, { on, commit }: Run): string {
  const said = kind === 'green' ? '**green: not proved**' : kind.replace('-', ' ')
  return `${start} ${said}, ${on}, ${commit} |`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
