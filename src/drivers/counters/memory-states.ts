// States of subjects and the counters beside them in one turn, which is what makes a swap atomic. kept-states.ts has a disk behind.

import type { Batch } from '../../model/counter.ts'
import {
  type KeptState,
  type Loaded,
  MAX_STATE,
  MAX_STATES,
  type SubjectState,
  type Swap,
  type Swapped,
} from '../../ports/subject-state.ts'
import type { MemoryCounters } from './memory.ts'
import { StateTable } from './state-table.ts'

/** In memory alone, about 2 KB each. */
const MOST_IN_MEMORY = 100_000

export function memoryStates(counters: MemoryCounters, most = MOST_IN_MEMORY): SubjectState {
  const table = new StateTable(Number.POSITIVE_INFINITY)
  return {
    load: keys => loadFrom(table, checkedKeys(keys)),
    swap: swap => {
      const swapped = swapIn(counters, table, checkedSwap(swap))
      table.keepAtMost(most)
      return swapped
    },
  }
}

export const loadFrom = (table: StateTable, keys: readonly string[]): Loaded => ({
  states: keys.map(key => table.read(key)),
})

/** Never yields, so no other change comes in between. Every key is in the table, if it is anywhere. */
export function swapIn(counters: MemoryCounters, table: StateTable, swap: Swap): Swapped {
  const { at, states } = swap
  if (!isTold(counters, swap) && table.isStale(states)) return { outcome: 'stale' }
  const counted = counters.apply(batchOf(swap))
  if ('failed' in counted) return counted
  const { taken, repeated, readings, refusedBy = 0, resetAt = at } = counted
  if (repeated) return { outcome: 'ok', repeated, readings }
  if (!taken) return { outcome: 'refused', refusedBy, resetAt, readings }
  table.write(at, states)
  return { outcome: 'ok', readings }
}

/** What a swap counts. */
export const batchOf = ({ once, at, ops }: Swap): Batch => ({
  ...(once === undefined ? {} : { once }),
  at,
  mode: 'take',
  ops,
})

export const isTold = (counters: MemoryCounters, { once }: Swap): boolean =>
  once !== undefined && counters.wasTold(once)

export function checkedKeys(keys: readonly string[]): readonly string[] {
  if (keys.length > MAX_STATES) throw new RangeError(`more than ${MAX_STATES} states at once`)
  if (new Set(keys).size < keys.length) throw new RangeError('one key twice')
  return keys
}

export function checkedSwap(swap: Swap): Swap {
  checkedKeys(swap.states.map(({ key }) => key))
  const large = swap.states.find(isLarge)
  if (large)
    throw new RangeError(
      `the state of ${large.key} has ${large.bytes.length} bytes, more than ${MAX_STATE}`,
    )
  return swap
}

const isLarge = ({ bytes }: KeptState) => bytes.length > MAX_STATE
