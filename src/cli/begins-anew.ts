// Where in a ledger of evidence a sum begins anew: a release sets the sum to 0, and no row records that.

import type { LedgerRow } from '../model/evidence.ts'

/** Nats: less is shown as 0.0. */
const WORTH_SAYING = 0.05

export const RELEASED = 'released: the sum begins anew'

/** Whether the sum at this row is the row's own evidence alone, though time has not taken what was there before it. */
export function beginsAnew(before: LedgerRow | undefined, row: LedgerRow): boolean {
  if (!before || before.sum < WORTH_SAYING) return false
  return row.forgotten < WORTH_SAYING && Math.abs(row.sum - row.nats) < WORTH_SAYING
}
