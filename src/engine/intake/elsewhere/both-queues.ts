// Our own queue and what another server holds for us, as one: code that lists, releases or deletes held mail need not know where it lies.

import type { Spool } from '../../../ports/spool.ts'
import { type HeldElsewhere, inOrder, MOST_LISTED } from './held-elsewhere.ts'

export type BothQueues = Pick<Spool, 'list' | 'change'>

export const bothQueues = (
  spool: BothQueues,
  elsewhere: Pick<HeldElsewhere, 'list' | 'change'>,
): BothQueues => ({
  list: async filter => {
    const rows = [...(await spool.list(filter)), ...(await elsewhere.list(filter))]
    return rows.toSorted(inOrder).slice(0, filter.limit ?? MOST_LISTED)
  },
  // Ours first: whatever that server says, it is done.
  change: async (filter, change) => [
    ...(await spool.change(filter, change)),
    ...(await elsewhere.change(filter, change)),
  ],
})
