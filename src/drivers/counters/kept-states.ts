// States of subjects with a disk behind them: those in use are in memory, all others are read when a caller asks for them.

import type { Loaded, SubjectState, Swap, Swapped } from '../../ports/subject-state.ts'
import type { MemoryCounters } from './memory.ts'
import { checkedKeys, checkedSwap, isTold, loadFrom, swapIn } from './memory-states.ts'
import type { StateRow, StateTable } from './state-table.ts'

export type StateDisk = {
  /** Rows of these keys that are on the disk; the other keys are not there. */
  readonly read: (keys: readonly string[]) => Promise<readonly StateRow[]>
  /** Resolves when the swap, which counts once, is on the disk, or its failure was told. The others are written behind. */
  readonly keep: (swap: Swap, once: string) => Promise<unknown>
  /** While the first telling of it is on its way to the disk. */
  readonly keeping: (once: string) => Promise<unknown> | undefined
  /** One that is on its way, if any is. */
  readonly oldest: () => Promise<unknown> | undefined
  /** Resolves when all that has changed so far is on the disk, or its failure was told. */
  readonly flush: () => Promise<unknown>
}

export function keptStates(
  counters: MemoryCounters,
  table: StateTable,
  { read, keep, keeping, oldest, flush }: StateDisk,
): SubjectState {
  /** Keys that are being read: while they are, no other caller can have changed them. */
  const reading = new Map<string, Promise<void>>()

  async function fill(keys: readonly string[]): Promise<void> {
    try {
      const found = new Map((await read(keys)).map(row => [row.key, row]))
      for (const key of keys)
        table.fill(found.get(key) ?? { key, version: 0, at: 0, bytes: new Uint8Array() })
    } finally {
      for (const key of keys) reading.delete(key)
    }
  }

  /** Resolves in the turn in which all of them are in memory. */
  async function warm(keys: readonly string[]): Promise<void> {
    for (;;) {
      const cold = keys.filter(key => !table.isHot(key))
      if (cold.length === 0) return
      const fresh = cold.filter(key => !reading.has(key))
      if (fresh.length > 0) {
        const filled = fill(fresh)
        for (const key of fresh) reading.set(key, filled)
      }
      for (const key of cold) await reading.get(key)
    }
  }

  async function whenWarm<T>(
    keys: readonly string[],
    work: () => T,
  ): Promise<T | { failed: string }> {
    try {
      await warm(keys)
    } catch (error) {
      return { failed: (error as Error).message }
    }
    return work()
  }

  /** In one turn, so that what is handed over is what this swap has made. `full`: all there is room for waits for the disk. */
  function swapNow(swap: Swap): 'full' | Swapped | Promise<Swapped> {
    if (table.isFull && !isTold(counters, swap)) return 'full'
    const done = swapIn(counters, table, swap)
    if (!('outcome' in done) || done.outcome !== 'ok' || swap.once === undefined) return done
    const kept = done.repeated ? keeping(swap.once) : keep(swap, swap.once)
    return kept ? kept.then(() => done) : done
  }

  return {
    load: async (keys): Promise<Loaded> => whenWarm(checkedKeys(keys), () => loadFrom(table, keys)),
    swap: async (swap): Promise<Swapped> => {
      const keys = checkedSwap(swap).states.map(({ key }) => key)
      for (let flushed = false; ; ) {
        const swapped = await whenWarm(keys, () => swapNow(swap))
        if (swapped !== 'full') return swapped
        const under = oldest()
        if (!under && flushed) return { failed: 'no state can be written to the disk' }
        flushed = under === undefined
        await (under ?? flush())
      }
    },
  }
}
