// How much of one sender's mail may wait.

import { DAY } from '../../model/duration.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Message } from './examine.ts'

/** Messages of one line or login that are held in a day; then its mail is deferred with a 4xx. */
const MAX_HELD = 1000
/** … in this time. */
const HELD_IN = DAY

/** False when too much of a subject's mail is held: however long a bot goes on, its held mail has a limit. */
export async function roomToHold(counters: Counters, { tx, facts }: Message): Promise<boolean> {
  const counted = await counters.apply({
    at: tx.at,
    mode: 'take',
    ops: facts.subjects.map(subject => ({
      op: 'sum',
      key: `${subject}#held`,
      amount: 1,
      window: HELD_IN,
      limit: MAX_HELD,
    })),
  })
  return 'failed' in counted || counted.taken
}
