// What a cell of the evidence table says, in nats.

import type { Cell } from './evidence-table.ts'

/** Nats. No unit is worth more: the table is an estimate, and one message is one message. */
export const MAX_NATS = 6

/** Increment in nats of a cell: never negative, at most MAX_NATS. */
export function nats(cell: Cell): number {
  return Math.min(MAX_NATS, Math.max(0, Math.log(cell.p1 / cell.p0)))
}
