// Our own queue and what another server holds for us, as one: code that lists, releases or deletes mail that waits need not know where it lies.

import type { Spool } from '../../../ports/spool.ts'
import { type HeldElsewhere, MOST_LISTED } from './held-elsewhere.ts'
import { compared, inOrder } from './held-record.ts'
import { inOneLine } from './paced-parts.ts'

export type BothQueues = Pick<Spool, 'list' | 'change' | 'paced' | 'payers'>

export const bothQueues = (
  spool: BothQueues,
  elsewhere: Pick<HeldElsewhere, 'list' | 'change' | 'paced' | 'payers'>,
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
  paced: async (payer, most) =>
    inOneLine(await spool.paced(payer, most), await elsewhere.paced(payer, most), most),
  payers: async () =>
    [...new Set([...(await spool.payers()), ...(await elsewhere.payers())])].toSorted(compared),
})
