// When something was seen first and last, and how often.

import type { Reading } from '../../model/counter.ts'
import { FlatTable } from './flat-table.ts'
import type { Put } from './packed-rows.ts'

// Columns of a row, after its key.
const [FIRST, LAST, COUNT, TTL] = [1, 2, 3, 4]
const NEVER: Reading = Object.freeze({ value: 0 })

export class MarkTable {
  readonly #rows = new FlatTable(4)

  /** Nothing when it was last seen longer ago than `ttl`. */
  read(key: number, at: number, ttl: number): Reading {
    const place = this.#rows.find(key)
    if (!place) return NEVER
    const last = place.numbers[place.at + LAST] as number
    const value = place.numbers[place.at + COUNT] as number
    if (at - last > ttl || value === 0) return NEVER
    return { value, first: place.numbers[place.at + FIRST] as number, last }
  }

  /** Seen once more. First and last are those from before, and absent the first time. */
  add(key: number, at: number, ttl: number): Reading {
    const before = this.read(key, at, ttl)
    const count = before.value + 1
    this.unpack(key, [before.first ?? at, Math.max(at, before.last ?? at), count, ttl])
    return { ...before, value: count }
  }

  /** As if it had been seen once less; when that was is not known any more, but for the only time. */
  takeBack(key: number): void {
    const place = this.#rows.find(key)
    const count = place ? (place.numbers[place.at + COUNT] as number) : 0
    if (place && count > 0) place.numbers[place.at + COUNT] = count - 1
  }

  sweep(at: number): number[] {
    return this.#rows.sweep(
      ({ numbers, at: row }) => at - (numbers[row + LAST] as number) > (numbers[row + TTL] ?? 0),
    )
  }

  /** In the order of the columns, for the disk; nothing when there is no such row. */
  pack(key: number, put: Put): void {
    const place = this.#rows.find(key)
    if (place) for (let i = FIRST; i <= TTL; i++) put(place.numbers[place.at + i] as number)
  }

  unpack(key: number, [first = 0, last = 0, count = 0, ttl = 0]: readonly number[]): void {
    const { numbers, at } = this.#rows.findOrAdd(key)
    numbers[at + FIRST] = first
    numbers[at + LAST] = last
    numbers[at + COUNT] = count
    numbers[at + TTL] = ttl
  }
}
