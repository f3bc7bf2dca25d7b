// Rows of a few numbers each, found by a number: in typed arrays, because a million small objects keep the garbage collector
// busy and lie all over memory. Open addressing in 256 shards, so that growing one of them is never noticed.

const SHARDS = 256
const FIRST_SIZE = 16
/** Linear probing stays short below this; growing by little keeps the average fill high. */
const FULL = 0.8
const GROWTH = 1.25

/** Where a row lies: its numbers are `numbers[at + 1]`, `numbers[at + 2]`, … Good until the next row is added. */
export type RowPlace = { readonly numbers: Float64Array; readonly at: number }

export class FlatTable {
  readonly #shards: Shard[]

  /** `columns`: numbers in a row. */
  constructor(columns: number) {
    this.#shards = Array.from({ length: SHARDS }, () => new Shard(columns))
  }

  find(key: number): RowPlace | undefined {
    return this.#shard(key).find(key)
  }

  /** The same, making it where it is not: with zeros. */
  findOrAdd(key: number): RowPlace {
    return this.#shard(key).findOrAdd(key)
  }

  /** Drops rows that have `passed`. Returns their keys. */
  sweep(passed: (place: RowPlace, key: number) => boolean): number[] {
    return this.#shards.flatMap(shard => shard.sweep(passed))
  }

  get rows(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.used, 0)
  }

  #shard(key: number): Shard {
    return this.#shards[Math.floor(key / 4294967296) & (SHARDS - 1)] as Shard
  }
}

/** Keys lie by themselves: a key that is not there is looked for in them alone, eight to a line of the cache. */
class Shard {
  readonly #columns: number
  #keys = noKeys(FIRST_SIZE)
  #numbers: Float64Array
  used = 0

  constructor(columns: number) {
    this.#columns = columns
    this.#numbers = new Float64Array(FIRST_SIZE * columns)
  }

  find(key: number): RowPlace | undefined {
    const keys = this.#keys
    for (let entry = this.#home(key); ; entry = this.#after(entry)) {
      const found = keys[entry] as number
      if (found === key) return this.#place(entry)
      if (Number.isNaN(found)) return undefined
    }
  }

  findOrAdd(key: number): RowPlace {
    const found = this.find(key)
    if (found) return found
    if (this.used >= this.#keys.length * FULL)
      this.#rebuild(() => true, Math.ceil(this.#keys.length * GROWTH))
    this.used++
    return this.#put(key)
  }

  sweep(passed: (place: RowPlace, key: number) => boolean): number[] {
    const gone: number[] = []
    for (const [entry, key] of this.#keys.entries())
      if (!Number.isNaN(key) && passed(this.#place(entry), key)) gone.push(key)
    if (gone.length === 0) return gone
    const dropped = new Set(gone)
    this.used -= gone.length
    const size = Math.max(FIRST_SIZE, Math.ceil((this.used + 1) / (FULL / GROWTH)))
    this.#rebuild(key => !dropped.has(key), size)
    return gone
  }

  #rebuild(stays: (key: number) => boolean, size: number): void {
    const [keys, before, columns] = [this.#keys, this.#numbers, this.#columns]
    this.#keys = noKeys(size)
    this.#numbers = new Float64Array(size * columns)
    for (let entry = 0; entry < keys.length; entry++) {
      const key = keys[entry] as number
      if (Number.isNaN(key) || !stays(key)) continue
      const { numbers, at } = this.#put(key)
      for (let i = 0; i < columns; i++) numbers[at + 1 + i] = before[entry * columns + i] as number
    }
  }

  #put(key: number): RowPlace {
    let entry = this.#home(key)
    while (!Number.isNaN(this.#keys[entry])) entry = this.#after(entry)
    this.#keys[entry] = key
    return this.#place(entry)
  }

  #place(entry: number): RowPlace {
    return { numbers: this.#numbers, at: entry * this.#columns - 1 }
  }

  /** Where a key would like to be: its low 32 bits, spread over the size, whatever the size is. */
  #home(key: number): number {
    return Math.floor(((key >>> 0) / 4294967296) * this.#keys.length)
  }

  #after(entry: number): number {
    return entry + 1 === this.#keys.length ? 0 : entry + 1
  }
}

const noKeys = (size: number) => new Float64Array(size).fill(Number.NaN)
