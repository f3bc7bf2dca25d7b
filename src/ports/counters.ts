// Counting, atomically: all operations of a batch or none. The store counts, it never decides.

import type { Batch, Counted } from '../model/counter.ts'

export interface Counters {
  /**
   * Never rejects: a store out of order answers `{ failed }` and the caller's rule says what then. A store in this process answers at
   * once: a caller that asks a hundred thousand times a second need not wait for a turn of the loop.
   */
  apply(batch: Batch): Counted | Promise<Counted>
}
