// A message that is larger than a whole limit, by its recipients: there is never room for it. It waits as long as the limit would take to
// let as many leave, so that one message takes no more out than many would.

import type { Op } from '../../model/counter.ts'

/** ms from when it came; 0 where it fits into the limit. */
export function waitOfLarge(op: Op): number {
  if (op.op !== 'sum' || op.limit === undefined || op.amount <= op.limit) return 0
  return ((op.amount - op.limit) / op.limit) * op.window
}

/** The longest of several limits. */
export const longestWait = (ops: readonly Op[]): number => Math.max(0, ...ops.map(waitOfLarge))
