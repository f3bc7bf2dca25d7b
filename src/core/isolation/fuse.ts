// A fuse: however sure the evidence seems, automation newly restricts at most so many subscribers an hour.
// A broken filter or a wrong table must end in a telephone call, not in a dark town.

import type { Op } from '../../model/counter.ts'
import { HOUR } from '../../model/duration.ts'

/** One more, of at most 1 % of the subscribers, but never fewer than twenty, in any hour. */
export function fuseOp(subscribers: number): Op {
  const limit = Math.max(20, Math.floor(subscribers / 100))
  return { op: 'sum', key: 'automation#restricted', amount: 1, window: HOUR, limit }
}
