// What a check of `cordon audit` is, and what it says of a record.

import type { AuditRecord } from './record.ts'

/** Of the table: a column may be that of several checks. */
export const COLUMNS = [
  '587',
  '465',
  'AUTH',
  '25',
  'RELAY',
  'TLS',
  'CERT',
  'PTR',
  'SPF',
  'DKIM',
  'DMARC',
  'STS',
  'DANE',
  'SRV',
] as const
export type AuditColumn = (typeof COLUMNS)[number]

/** From good to bad. `not-asked`: it takes something that only the operator has. `unknown`: there was no answer. Neither is good. */
export const STATES = ['good', 'note', 'not-asked', 'unknown', 'wrong'] as const

export type Judged = {
  readonly state: (typeof STATES)[number]
  /** What was seen, in one line. */
  readonly said: string
  /** How it is mended, or asked. */
  readonly mend?: string
}

export type AuditCheck = {
  readonly name: string
  readonly column: AuditColumn
  /** Undefined where it does not apply. */
  readonly judge: (record: AuditRecord) => Judged | undefined
}

export const good = (said: string): Judged => ({ state: 'good', said })
export const unknown = (said: string): Judged => ({ state: 'unknown', said })
export const wrong = (said: string, mend: string): Judged => ({ state: 'wrong', said, mend })
export const note = (said: string, mend: string): Judged => ({ state: 'note', said, mend })

/** The worst of several, in the words of all that are as bad; undefined of none. */
export function worstOf(all: readonly (Judged | undefined)[]): Judged | undefined {
  const there = all.flatMap(one => one ?? [])
  const worst = there.reduce((most, { state }) => Math.max(most, STATES.indexOf(state)), -1)
  const same = there.filter(({ state }) => STATES.indexOf(state) === worst)
  const [first] = same
  return first && { ...first, said: [...new Set(same.map(({ said }) => said))].join('; ') }
}
