// Sums that are forgotten by time.

import { DAY } from '../../model/duration.ts'
import { FlatTable } from './flat-table.ts'
import type { Put } from './packed-rows.ts'

// Columns of a row, after its key.
const [SUM, AT, COUNT] = [1, 2, 3]
/** A leak forgets at least one nat a day, so after two months nothing is left of the largest sum. */
const KEPT = 60 * DAY

export type Addition = {
  readonly add: number
  readonly perDay: number
  readonly max: number
  readonly after?: number
}

export class LeakTable {
  readonly #rows = new FlatTable(3)

  /** The rest that has not leaked away. An event from before the last one is not forgotten backwards. */
  read(key: number, at: number, perDay: number): number {
    const place = this.#rows.find(key)
    if (!place) return 0
    const since = Math.max(0, at - (place.numbers[place.at + AT] as number))
    return Math.max(0, (place.numbers[place.at + SUM] as number) - (perDay * since) / DAY)
  }

  /** How often it was added to. */
  count(key: number): number {
    const place = this.#rows.find(key)
    return place ? (place.numbers[place.at + COUNT] as number) : 0
  }

  /** Returns the sum after it. */
  add(key: number, at: number, { add, perDay, max, after = 0 }: Addition): number {
    const sum = Math.max(0, Math.min(max, this.read(key, at, perDay) + add))
    const { numbers, at: row } = this.#rows.findOrAdd(key)
    numbers[row + SUM] = sum
    numbers[row + AT] = Math.max(at, numbers[row + AT] as number)
    numbers[row + COUNT] = Math.max(after, numbers[row + COUNT] as number) + 1
    return sum
  }

  takeBack(key: number, at: number, { add, perDay, max }: Addition): void {
    const place = this.#rows.find(key)
    if (!place) return
    const { numbers, at: row } = place
    numbers[row + SUM] = Math.max(0, Math.min(max, this.read(key, at, perDay) - add))
    numbers[row + AT] = Math.max(at, numbers[row + AT] as number)
  }

  sweep(at: number): number[] {
    return this.#rows.sweep(({ numbers, at: row }) => at - (numbers[row + AT] as number) > KEPT)
  }

  /** In the order of the columns, for the disk; nothing when there is no such row. */
  pack(key: number, put: Put): void {
    const place = this.#rows.find(key)
    if (place) for (const i of [SUM, AT, COUNT]) put(place.numbers[place.at + i] as number)
  }

  unpack(key: number, [sum = 0, last = 0, count = 0]: readonly number[]): void {
    const { numbers, at } = this.#rows.findOrAdd(key)
    numbers[at + SUM] = sum
    numbers[at + AT] = last
    numbers[at + COUNT] = count
  }
}
