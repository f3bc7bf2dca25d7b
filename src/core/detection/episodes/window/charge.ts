// What left the window is charged: the code that let it go had looked before, so it counts in any case. Told as an event (`mail-let-go`) and counted
// in the order in which the journal has it, so that a replay has the same tokens.

import type { SubjectRecord } from '../state.ts'
import type { Allowance } from '../tables.ts'
import { payForExit } from './exits.ts'
import { pay, refilled, type WindowRequest } from './take.ts'

export type Charge = WindowRequest & {
  /** By an exit, and not by tokens. */
  readonly byExit: boolean
}

/** `records`: as for `take`. */
export function charged(
  records: readonly SubjectRecord[],
  { byExit, ...asked }: Charge,
  allowance: Allowance,
  at: number,
): readonly SubjectRecord[] {
  const drafts = refilled(records, allowance, at)
  const now = drafts[0]?.numbers.at ?? at
  if (byExit) payForExit(drafts, asked, { allowance, at: now })
  else pay(drafts, asked, now)
  return drafts
}
