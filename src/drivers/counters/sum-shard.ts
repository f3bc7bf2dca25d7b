// One shard of the rolling sums: open addressing over typed arrays. A row is one subject with up to four of its
// counters side by side, so that asking several things about one subject touches one place in memory; a
// subject with more of them has several rows. It knows nothing of time: that is the table's.

export const SLOTS = 12
/** Rows of 128 bytes, two cache lines: four counters of tag (32 bits), newest slot (32) and twelve slots (16 each). */
const COUNTERS = 4
const COUNTER_WORDS = 8
const ROW_WORDS = COUNTERS * COUNTER_WORDS
/** Linear probing stays short below this; growing by little keeps the average fill high. */
const FULL = 0.8
const GROWTH = 1.15
const FIRST_SIZE = 16

export class SumShard {
  #size: number
  #used = 0
  #keys: Float64Array
  /** Of a counter found at word w: its tag at w, newest slot since 1970 at w + 1; a tag of 0 is a free place. */
  words: Uint32Array
  /** Of a counter found at word w: its slots at `slotsAt(w)` and after. */
  slots: Uint16Array

  constructor(size = FIRST_SIZE) {
    this.#size = size
    this.#keys = new Float64Array(size).fill(Number.NaN)
    this.words = new Uint32Array(size * ROW_WORDS)
    this.slots = new Uint16Array(this.words.buffer)
  }

  get used(): number {
    return this.#used
  }

  /** Word of the counter with this tag, or -1. */
  find(key: number, tag: number): number {
    const keys = this.#keys
    for (let row = this.#home(key); ; row = row + 1 === this.#size ? 0 : row + 1) {
      const found = keys[row] as number
      if (found === key) {
        const end = (row + 1) * ROW_WORDS
        for (let word = row * ROW_WORDS; word < end; word += COUNTER_WORDS)
          if (this.words[word] === tag) return word
      } else if (Number.isNaN(found)) return -1
    }
  }

  /** The same, making it where it is not; a new one has only empty slots, `newest` the newest of them. */
  findOrAdd(key: number, tag: number, newest: number): number {
    const found = this.find(key, tag)
    if (found >= 0) return found
    const word = this.#freePlace(key)
    this.words[word] = tag
    this.words[word + 1] = newest
    this.slots.fill(0, slotsAt(word), slotsAt(word) + SLOTS)
    return word
  }

  /** Words of all counters of one key. */
  *of(key: number): Generator<number> {
    for (let row = this.#home(key); ; row = row + 1 === this.#size ? 0 : row + 1) {
      if (Number.isNaN(this.#keys[row])) return
      if (this.#keys[row] === key) yield* this.#counters(row)
    }
  }

  /** Frees every counter that `passed`, and rows that have none left. Returns the keys it has changed. */
  sweep(passed: (word: number) => boolean): number[] {
    const changed: number[] = []
    const live: number[] = []
    for (let row = 0; row < this.#size; row++) {
      const key = this.#keys[row] as number
      if (Number.isNaN(key)) continue
      let left = 0
      let freed = false
      for (const word of this.#counters(row)) {
        if (passed(word)) {
          this.words[word] = 0
          freed = true
        } else left++
      }
      if (freed) changed.push(key)
      if (left > 0) live.push(row)
    }
    if (live.length < this.#used) this.#rebuild(live, sizeFor(live.length))
    return changed
  }

  *#counters(row: number): Generator<number> {
    for (let i = 0; i < COUNTERS; i++) {
      const word = row * ROW_WORDS + i * COUNTER_WORDS
      if (this.words[word] !== 0) yield word
    }
  }

  /** A place in a row of this key, or in a new one. */
  #freePlace(key: number): number {
    if (this.#used >= this.#size * FULL) {
      const all = Array.from(this.#keys.keys()).filter(row => !Number.isNaN(this.#keys[row]))
      this.#rebuild(all, Math.ceil(this.#size * GROWTH))
    }
    for (let row = this.#home(key); ; row = row + 1 === this.#size ? 0 : row + 1) {
      if (Number.isNaN(this.#keys[row])) {
        this.#keys[row] = key
        this.#used++
        return row * ROW_WORDS
      }
      if (this.#keys[row] !== key) continue
      for (let i = 0; i < COUNTERS; i++) {
        const word = row * ROW_WORDS + i * COUNTER_WORDS
        if (this.words[word] === 0) return word
      }
    }
  }

  #rebuild(rows: readonly number[], size: number): void {
    const from = { keys: this.#keys, words: this.words }
    this.#size = size
    this.#used = rows.length
    this.#keys = new Float64Array(size).fill(Number.NaN)
    this.words = new Uint32Array(size * ROW_WORDS)
    this.slots = new Uint16Array(this.words.buffer)
    for (const row of rows) {
      const key = from.keys[row] as number
      let to = this.#home(key)
      while (!Number.isNaN(this.#keys[to])) to = to + 1 === size ? 0 : to + 1
      this.#keys[to] = key
      this.words.set(from.words.subarray(row * ROW_WORDS, (row + 1) * ROW_WORDS), to * ROW_WORDS)
    }
  }

  /** Where a key would like to be: its low 32 bits, spread over the size, whatever the size is. */
  #home(key: number): number {
    return Math.floor(((key >>> 0) / 4294967296) * this.#size)
  }
}

export const slotsAt = (word: number): number => word * 2 + 4

function sizeFor(rows: number): number {
  return Math.max(FIRST_SIZE, Math.ceil((rows + 1) / (FULL / GROWTH)))
}
