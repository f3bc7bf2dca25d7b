// A fuse: however sure the evidence seems, automation newly restricts at most so many subscribers an hour.
// A broken filter or a wrong table must end in a telephone call, not in a network without mail.

import type { Op } from '../../model/counter.ts'
import { HOUR } from '../../model/duration.ts'

/** One subscriber in so many is restricted anew by automation in an hour at most … */
const ONE_IN = 100
/** … and in a small network so many subscribers. */
const AT_LEAST = 20
/** What the fuse counts within. */
const FUSE_WINDOW = HOUR

/** One more, of at most so many in any hour. */
export function fuseOp(subscribers: number): Op {
  const limit = Math.max(AT_LEAST, Math.floor(subscribers / ONE_IN))
  return { op: 'sum', key: 'automation#restricted', amount: 1, window: FUSE_WINDOW, limit }
}
