// How much of one sender's mail may wait.

import { DAY } from '../../model/duration.ts'
import type { Message } from './examine.ts'
import type { SubmitParts } from './submit-parts.ts'

/** Messages of one line or login that are held in a day; then its mail is put off with a 4xx. */
const MAX_HELD = 1000

/** However long a bot goes on, what is kept of it has an end. */
export async function roomToHold(
  { counters }: Pick<SubmitParts, 'counters'>,
  { tx, facts }: Message,
): Promise<boolean> {
  const counted = await counters.apply({
    at: tx.at,
    mode: 'take',
    ops: facts.subjects.map(subject => ({
      op: 'sum',
      key: `${subject}#held`,
      amount: 1,
      window: DAY,
      limit: MAX_HELD,
    })),
  })
  return 'failed' in counted || counted.taken
}
