// Batches that were told already, with what was read then: told again they count nothing, and say the same.

import { DAY } from '../../model/duration.ts'
import type { Reading } from '../../model/counter.ts'
import type { Put } from './packed-rows.ts'

/** Recognised this long (a unit's name says its day, or its window), and at most so many of them: the oldest are forgotten first. */
const KEPT = 2 * DAY
const MOST = 200_000

type BatchRow = { readonly at: number; readonly readings: readonly Reading[] }
/** Numbers of one reading in a row; NaN where it has none. */
const FIELDS = ['value', 'novel', 'first', 'last', 'count', 'enoughAt'] as const
/** What an earlier Cordon kept of a reading: its rows have no NaN behind their time. */
const EARLIER_FIELDS = FIELDS.slice(0, 5)

export class OnceTable {
  readonly #rows = new Map<number, BatchRow>()

  get(key: number): readonly Reading[] | undefined {
    return this.#rows.get(key)?.readings
  }

  /** Returns the key of what was forgotten for it. */
  add(key: number, at: number, readings: readonly Reading[]): number | undefined {
    this.#rows.set(key, { at, readings })
    if (this.#rows.size <= MOST) return undefined
    const [oldest] = this.#rows.keys()
    if (oldest !== undefined) this.#rows.delete(oldest)
    return oldest
  }

  sweep(at: number): number[] {
    const gone = [...this.#rows].filter(([, row]) => at - row.at > KEPT).map(([key]) => key)
    for (const key of gone) this.#rows.delete(key)
    return gone
  }

  /** Its time and its readings, for the disk; nothing when there is no such row. */
  pack(key: number, put: Put): void {
    const row = this.#rows.get(key)
    if (!row) return
    put(row.at)
    put(Number.NaN)
    for (const reading of row.readings)
      for (const field of FIELDS) put(reading[field] ?? Number.NaN)
  }

  /** Of many, those told first come first. */
  unpack(key: number, [at = 0, ...numbers]: readonly number[]): void {
    const readings: Reading[] = []
    const fields = Number.isNaN(numbers[0]) ? FIELDS : EARLIER_FIELDS
    for (let i = fields === FIELDS ? 1 : 0; i < numbers.length; i += fields.length) {
      const known = fields.map((field, j) => [field, numbers[i + j]] as const)
      const told = known.filter(([, number]) => !Number.isNaN(number))
      readings.push({ value: 0, ...Object.fromEntries(told) })
    }
    this.#rows.set(key, { at, readings })
  }
}
