// One shard of the rolling sums: an index by open addressing into rows. A row is one subject with up to four of its
// counters side by side, so that asking several things about one subject touches one place in memory; a
// subject with more of them has several rows. It knows nothing of time: that is the table's.

import { local, ROW_WORDS, type RowPool } from './row-pool.ts'

/** A counter: its tag (32 bits; 0 is a free place), its newest slot since 1970 (32) and twelve slots (16 each). */
const COUNTER_WORDS = 8
/** Linear probing stays short below this; growing by little keeps the average fill high. */
const FULL = 0.8
const GROWTH = 1.25
const FIRST_SIZE = 16

export class SumShard {
  readonly #pool: RowPool
  #size = FIRST_SIZE
  #used = 0
  /** Key of entry e at 2e, number of its row at 2e + 1: in one place, because they are read together. */
  #entries = emptyEntries(FIRST_SIZE)

  constructor(pool: RowPool) {
    this.#pool = pool
  }

  get used(): number {
    return this.#used
  }

  /** Word of the counter with this tag, or -1. */
  find(key: number, tag: number): number {
    const entries = this.#entries
    for (let entry = this.#home(key); ; entry = this.#after(entry)) {
      const found = entries[entry * 2] as number
      if (found === key) {
        const word = this.#counter((entries[entry * 2 + 1] as number) * ROW_WORDS, tag)
        if (word >= 0) return word
      } else if (Number.isNaN(found)) return -1
    }
  }

  /** The same, making it where it is not; a new one has only empty slots, `newest` the newest of them. */
  findOrAdd(key: number, tag: number, newest: number): number {
    const found = this.find(key, tag)
    if (found >= 0) return found
    const word = this.#freePlace(key)
    const words = this.#pool.words(word)
    const at = local(word)
    words[at] = tag
    words[at + 1] = newest
    words.fill(0, at + 2, at + COUNTER_WORDS)
    return word
  }

  /** Words of all counters of one key. */
  *of(key: number): Generator<number> {
    for (let entry = this.#home(key); ; entry = this.#after(entry)) {
      const found = this.#entries[entry * 2] as number
      if (Number.isNaN(found)) return
      if (found === key) yield* this.#counters(this.#entries[entry * 2 + 1] as number)
    }
  }

  /** Frees every counter that `passed`, and rows that have none left. Returns the keys it has changed. */
  sweep(passed: (word: number) => boolean): number[] {
    const changed: number[] = []
    const live: number[] = []
    for (let entry = 0; entry < this.#size; entry++) {
      const key = this.#entries[entry * 2] as number
      if (Number.isNaN(key)) continue
      const row = this.#entries[entry * 2 + 1] as number
      let left = 0
      let freed = false
      for (const word of this.#counters(row)) {
        if (passed(word)) {
          this.#pool.words(word)[local(word)] = 0
          freed = true
        } else left++
      }
      if (freed) changed.push(key)
      if (left > 0) live.push(entry)
      else this.#pool.give(row)
    }
    if (live.length < this.#used) this.#rebuild(live, sizeFor(live.length))
    return changed
  }

  /** Word of a row's counter with this tag, or -1. */
  #counter(row: number, tag: number): number {
    const words = this.#pool.words(row)
    const from = local(row)
    for (let at = 0; at < ROW_WORDS; at += COUNTER_WORDS)
      if (words[from + at] === tag) return row + at
    return -1
  }

  *#counters(row: number): Generator<number> {
    const word = row * ROW_WORDS
    const words = this.#pool.words(word)
    for (let at = 0; at < ROW_WORDS; at += COUNTER_WORDS)
      if (words[local(word) + at] !== 0) yield word + at
  }

  /** A place in a row of this key, or in a new one. */
  #freePlace(key: number): number {
    if (this.#used >= this.#size * FULL) {
      const all = Array.from({ length: this.#size }, (_, entry) => entry)
      const live = all.filter(entry => !Number.isNaN(this.#entries[entry * 2]))
      this.#rebuild(live, Math.ceil(this.#size * GROWTH))
    }
    for (let entry = this.#home(key); ; entry = this.#after(entry)) {
      const found = this.#entries[entry * 2] as number
      if (Number.isNaN(found)) {
        const row = this.#pool.take()
        this.#entries[entry * 2] = key
        this.#entries[entry * 2 + 1] = row
        this.#used++
        return row * ROW_WORDS
      }
      if (found !== key) continue
      const word = this.#counter((this.#entries[entry * 2 + 1] as number) * ROW_WORDS, 0)
      if (word >= 0) return word
    }
  }

  #rebuild(live: readonly number[], size: number): void {
    const before = this.#entries
    this.#size = size
    this.#used = live.length
    this.#entries = emptyEntries(size)
    for (const old of live) {
      const key = before[old * 2] as number
      let to = this.#home(key)
      while (!Number.isNaN(this.#entries[to * 2])) to = this.#after(to)
      this.#entries[to * 2] = key
      this.#entries[to * 2 + 1] = before[old * 2 + 1] as number
    }
  }

  #after(entry: number): number {
    return entry + 1 === this.#size ? 0 : entry + 1
  }

  /** Where a key would like to be: its low 32 bits, spread over the size, whatever the size is. */
  #home(key: number): number {
    return Math.floor(((key >>> 0) / 4294967296) * this.#size)
  }
}

/** Place of a counter's first slot, in halves of words. */
export const slotsAt = (word: number): number => local(word) * 2 + 4

const emptyEntries = (size: number) => new Float64Array(size * 2).fill(Number.NaN)

function sizeFor(rows: number): number {
  return Math.max(FIRST_SIZE, Math.ceil((rows + 1) / (FULL / GROWTH)))
}
