// Rows of a few numbers each, found by a number: in typed arrays, because a million small objects keep the garbage collector
// busy and lie all over memory. Open addressing in 256 shards, so that growing one of them is never noticed.

const SHARDS = 256
const FIRST_SIZE = 16
/** Linear probing stays short below this; growing by little keeps the average fill high. */
const FULL = 0.8
const GROWTH = 1.25

/** Where a row lies: `numbers[at]` is its key, and its own numbers follow. Good until the next row is added. */
export type Place = { readonly numbers: Float64Array; readonly at: number }

export class FlatTable {
  readonly #shards: Shard[]

  /** Rows of so many numbers. */
  constructor(columns: number) {
    this.#shards = Array.from({ length: SHARDS }, () => new Shard(columns + 1))
  }

  find(key: number): Place | undefined {
    return this.#shard(key).find(key)
  }

  /** The same, making it where it is not: with zeros. */
  findOrAdd(key: number): Place {
    return this.#shard(key).findOrAdd(key)
  }

  /** Drops rows that have `passed`. Returns their keys. */
  sweep(passed: (place: Place) => boolean): number[] {
    return this.#shards.flatMap(shard => shard.sweep(passed))
  }

  get rows(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.used, 0)
  }

  #shard(key: number): Shard {
    return this.#shards[Math.floor(key / 4294967296) & (SHARDS - 1)] as Shard
  }
}

class Shard {
  readonly #stride: number
  #size = FIRST_SIZE
  #numbers: Float64Array
  used = 0

  constructor(stride: number) {
    this.#stride = stride
    this.#numbers = empty(FIRST_SIZE, stride)
  }

  find(key: number): Place | undefined {
    const numbers = this.#numbers
    for (let at = this.#home(key); ; at = this.#after(at)) {
      const found = numbers[at] as number
      if (found === key) return { numbers, at }
      if (Number.isNaN(found)) return undefined
    }
  }

  findOrAdd(key: number): Place {
    const found = this.find(key)
    if (found) return found
    if (this.used >= this.#size * FULL) this.#rebuild(() => true, Math.ceil(this.#size * GROWTH))
    this.used++
    return this.#put(key)
  }

  sweep(passed: (place: Place) => boolean): number[] {
    const gone: number[] = []
    const numbers = this.#numbers
    for (let at = 0; at < numbers.length; at += this.#stride) {
      const key = numbers[at] as number
      if (!Number.isNaN(key) && passed({ numbers, at })) gone.push(key)
    }
    if (gone.length === 0) return gone
    const dropped = new Set(gone)
    this.used -= gone.length
    const size = Math.max(FIRST_SIZE, Math.ceil((this.used + 1) / (FULL / GROWTH)))
    this.#rebuild(key => !dropped.has(key), size)
    return gone
  }

  #rebuild(stays: (key: number) => boolean, size: number): void {
    const [before, stride] = [this.#numbers, this.#stride]
    this.#size = size
    this.#numbers = empty(size, stride)
    for (let from = 0; from < before.length; from += stride) {
      const key = before[from] as number
      if (Number.isNaN(key) || !stays(key)) continue
      const { numbers, at } = this.#put(key)
      for (let i = 1; i < stride; i++) numbers[at + i] = before[from + i] as number
    }
  }

  #put(key: number): Place {
    const numbers = this.#numbers
    let at = this.#home(key)
    while (!Number.isNaN(numbers[at])) at = this.#after(at)
    numbers[at] = key
    numbers.fill(0, at + 1, at + this.#stride)
    return { numbers, at }
  }

  /** Where a key would like to be: its low 32 bits, spread over the size, whatever the size is. */
  #home(key: number): number {
    return Math.floor(((key >>> 0) / 4294967296) * this.#size) * this.#stride
  }

  #after(at: number): number {
    const next = at + this.#stride
    return next === this.#numbers.length ? 0 : next
  }
}

const empty = (size: number, stride: number) => new Float64Array(size * stride).fill(Number.NaN)
