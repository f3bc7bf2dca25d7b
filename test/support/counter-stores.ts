// Every counter store there is, each opened empty and closed with the test: what one contract test is run against.

import { join } from 'node:path'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { slowCounters } from '../../src/drivers/slow/slow-stores.ts'
import type { Counters } from '../../src/ports/counters.ts'
import { folderOf, type Owner, owned } from './owned.ts'

export const COUNTER_STORES: Readonly<
  Record<string, (owner: Owner) => Counters | Promise<Counters>>
> = {
  memory: () => new MemoryCounters(),
  slow: () => slowCounters(new MemoryCounters()),
  kept: owner =>
    owned(
      owner,
      openCounters(join(folderOf(owner), 'counters.db'), {
        trouble: error => {
          throw error
        },
      }),
    ),
}
