// Token buckets: three numbers each, and the windows of those that have a ceiling apart, because most have none.

import type { Reading, TokensOp } from '../../model/counter.ts'
import { FlatTable, type RowPlace } from './flat-table.ts'
import type { Put } from './packed-rows.ts'
import { SLOTS } from './slot-ring.ts'
import {
  type Bucket,
  bring,
  enoughAt,
  forgetAt,
  isAhead,
  newWindows,
  rewind,
  spend,
} from './token-bucket.ts'

// Columns of a bucket, after its key.
const [TOKENS, AT, FORGET] = [1, 2, 3]
const BUCKET = 3
/** Columns of windows: of the day and then of the week the newest slot, and all of them. */
const WINDOWS = 2 * (1 + SLOTS)

export class TokenTable {
  readonly #buckets = new FlatTable(BUCKET)
  readonly #windows = new FlatTable(WINDOWS)

  read(key: number, at: number, op: TokensOp): Reading {
    const place = this.#buckets.find(key)
    // Kept, though nothing is taken: or nothing would ever be filled until the wrong time has come.
    if (place && isAhead(place.numbers[place.at + AT] as number, at)) this.#rewind(key, at)
    return told(this.#brought(key, at, op), at, op)
  }

  /** Takes whatever there is: asking is `read`'s. */
  take(key: number, at: number, op: TokensOp): Reading {
    const bucket = this.#brought(key, at, op)
    spend(bucket, op)
    this.#keep(key, bucket, forgetAt(bucket, op))
    return told(bucket, at, op)
  }

  sweep(at: number): number[] {
    const gone = this.#buckets.sweep(
      ({ numbers, at: row }) => (numbers[row + FORGET] as number) < at,
    )
    const dropped = new Set(gone)
    if (gone.length > 0) this.#windows.sweep((_, key) => dropped.has(key))
    return gone
  }

  /** In the order of the columns, for the disk; nothing when there is no such row. */
  pack(key: number, put: Put): void {
    const bucket = this.#buckets.find(key)
    if (!bucket) return
    for (let i = 1; i <= BUCKET; i++) put(bucket.numbers[bucket.at + i] as number)
    const windows = this.#windows.find(key)
    if (windows) for (let i = 1; i <= WINDOWS; i++) put(windows.numbers[windows.at + i] as number)
  }

  unpack(key: number, saved: readonly number[]): void {
    const bucket = this.#buckets.findOrAdd(key)
    for (let i = 1; i <= BUCKET; i++) bucket.numbers[bucket.at + i] = saved[i - 1] ?? 0
    if (saved.length < BUCKET + WINDOWS) return
    const windows = this.#windows.findOrAdd(key)
    for (let i = 1; i <= WINDOWS; i++) windows.numbers[windows.at + i] = saved[BUCKET + i - 1] ?? 0
  }

  get rows(): number {
    return this.#buckets.rows
  }

  #brought(key: number, at: number, op: TokensOp): Bucket {
    const bucket = this.#copy(key) ?? { tokens: op.cap, at, windows: undefined }
    bring(bucket, at, op)
    return bucket
  }

  #rewind(key: number, at: number): void {
    const bucket = this.#copy(key)
    const { numbers = [], at: row = 0 } = this.#buckets.find(key) ?? {}
    if (!bucket) return
    const forget = (numbers[row + FORGET] as number) - bucket.at + at
    rewind(bucket, at)
    this.#keep(key, bucket, forget)
  }

  #copy(key: number): Bucket | undefined {
    const place = this.#buckets.find(key)
    if (!place) return undefined
    const { numbers, at: row } = place
    const windows = this.#windows.find(key)
    return {
      tokens: numbers[row + TOKENS] as number,
      at: numbers[row + AT] as number,
      windows: windows && windowsAt(windows),
    }
  }

  #keep(key: number, bucket: Bucket, forget: number): void {
    const { numbers, at: row } = this.#buckets.findOrAdd(key)
    numbers[row + TOKENS] = bucket.tokens
    numbers[row + AT] = bucket.at
    numbers[row + FORGET] = forget
    if (bucket.windows) put(bucket.windows, this.#windows.findOrAdd(key))
  }
}

function told(bucket: Bucket, at: number, op: TokensOp): Reading {
  const enough = enoughAt(bucket, op)
  // Asked a little late, the present is before the bucket's.
  return { value: bucket.tokens, enoughAt: enough === bucket.at ? at : enough }
}

function windowsAt({ numbers, at }: RowPlace): NonNullable<Bucket['windows']> {
  const windows = newWindows(0)
  let from = at + 1
  for (const window of Object.values(windows)) {
    window.newest = numbers[from] as number
    window.slots.set(numbers.subarray(from + 1, from + 1 + SLOTS))
    from += 1 + SLOTS
  }
  return windows
}

function put(windows: NonNullable<Bucket['windows']>, { numbers, at }: RowPlace): void {
  let from = at + 1
  for (const { newest, slots } of Object.values(windows)) {
    numbers[from] = newest
    numbers.set(slots, from + 1)
    from += 1 + SLOTS
  }
}
