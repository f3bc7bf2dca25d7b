// Every counter store there is, each opened empty: what one contract test is run against.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { slowCounters } from '../../src/drivers/slow/slow-stores.ts'
import type { Counters } from '../../src/ports/counters.ts'

export type OpenStore = { counters: Counters; end(): Promise<void> }

export const COUNTER_STORES: Readonly<Record<string, () => OpenStore | Promise<OpenStore>>> = {
  memory: () => ({ counters: new MemoryCounters(), end: async () => undefined }),
  slow: () => ({ counters: slowCounters(new MemoryCounters()), end: async () => undefined }),
  kept: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-counters-'))
    const counters = await openCounters(join(folder, 'counters.db'), {
      trouble: error => {
        throw error
      },
    })
    return {
      counters,
      end: async () => {
        await counters.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
}
