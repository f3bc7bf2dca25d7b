// What `cordon setup` says: what it found, what it wrote, what is missing with the line that mends it, the next commands, and how to undo it.

import { type Check, checkLines } from '../check.ts'
import type { Sighting } from './finding.ts'
import type { SetupAnswers } from './questions.ts'

export type SetupReport = {
  readonly file: string
  /** The file that was there before. */
  readonly kept: string | undefined
  readonly trial: boolean
  readonly answers: SetupAnswers
  readonly findings: readonly Sighting[]
  readonly checks: readonly Check[]
  readonly next: readonly string[]
  readonly undo: string
}

export const foundLines = (findings: readonly Sighting[]): readonly string[] =>
  findings.map(({ what, state, said }) => `  ${STATES[state].padEnd(9)}${what}: ${said}`)
const STATES = { found: 'found', absent: '-', unread: 'not read' } as const

export function reportText({
  file,
  kept,
  trial,
  answers,
  checks,
  next,
  undo,
}: SetupReport): string {
  const { hostname, domains, stands, operator, consumers } = answers
  return [
    trial
      ? `Wrote ${file}: a Cordon to look at, on loopback. It sends no mail anywhere.`
      : `Wrote ${file}: it observes, and acts on no mail; "To act" in it says which lines to change.`,
    ...(kept === undefined ? [] : [`The former file is ${kept}.`]),
    `  host name ${hostname}; domains ${domains.join(', ')}; ${stands}; alarms to ${operator}; consumers ${consumers.join(', ') || 'none'}`,
    '',
    'Checked:',
    ...checks.flatMap(checkLines),
    '',
    must(checks),
    ...next.map((command, i) => `  ${i + 1}. ${command}`),
    '',
    `To undo it: ${undo}`,
  ].join('\n')
}

export const mustMend = (checks: readonly Check[]): readonly Check[] =>
  checks.filter(({ must, state }) => must === true && state !== 'good')

function must(checks: readonly Check[]): string {
  const first = mustMend(checks)
  return first.length === 0
    ? 'Next:'
    : `First mend ${first.map(({ what }) => what).join(', ')}. Then:`
}
