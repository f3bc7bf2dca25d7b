// The table of mutations in docs/promises.md: which line was broken for which row, and what the named test said.

import type { Mutation } from '../../test/mutations/mutation.ts'
import type { Outcome } from './tests-run.ts'

export type Proved = { readonly mutation: Mutation; readonly outcome: Outcome }

export type Run = {
  /** A day, `2026-11-26`. */
  readonly on: string
  readonly commit: string
}

export const BEGIN = '<!-- Made by "npm run prove". Do not edit. -->'
const HEAD = `| row | broken | in | red in | outcome |
|---|---|---|---|---|`

/** The page with this table in place of the one it has. */
export function withTable(page: string, proved: readonly Proved[], run: Run): string {
  const at = page.indexOf(BEGIN)
  if (at < 0) throw new Error(`the page has no place for the table: ${BEGIN}`)
  const lines = [...proved]
    .sort(
      (a, b) =>
        a.mutation.row - b.mutation.row || (startOf(a.mutation) < startOf(b.mutation) ? -1 : 1),
    )
    .map(({ mutation, outcome }) => rowOf(mutation, outcome))
  return `${page.slice(0, at)}${BEGIN}
Tried on ${run.on} with ${run.commit}.

${[HEAD, ...lines].join('\n')}
`
}

/** As it begins for this mutation, whatever came of it. */
export const startOf = ({ row, what, file, test }: Mutation): string =>
  `| #${row} | ${cell(what)} | ${file} | ${test} |`

const rowOf = (mutation: Mutation, { kind }: Outcome): string =>
  `${startOf(mutation)} ${kind === 'green' ? '**green: not proved**' : kind.replace('-', ' ')} |`

const cell = (text: string): string => text.replaceAll('|', '\\|')
