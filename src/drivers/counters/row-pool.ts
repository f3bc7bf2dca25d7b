// Room for rows of 128 bytes, two cache lines, in segments that are never moved: memory that is copied to grow leaves holes
// that the allocator does not give back.

export const ROW_WORDS = 32
/** 8,192 rows: a megabyte. */
const SEGMENT_BITS = 13
const SEGMENT_ROWS = 2 ** SEGMENT_BITS
const WORD_BITS = SEGMENT_BITS + 5

/** One place among the words, and the arrays it lies in. */
export class RowPool {
  readonly #words: Uint32Array[] = []
  readonly #slots: Uint16Array[] = []
  readonly #free: number[] = []
  #next = 0

  /** Number of an empty row. */
  take(): number {
    const freed = this.#free.pop()
    if (freed !== undefined) {
      const word = freed * ROW_WORDS
      this.words(word).fill(0, local(word), local(word) + ROW_WORDS)
      return freed
    }
    if (this.#next === this.#words.length * SEGMENT_ROWS) {
      const words = new Uint32Array(SEGMENT_ROWS * ROW_WORDS)
      this.#words.push(words)
      this.#slots.push(new Uint16Array(words.buffer))
    }
    return this.#next++
  }

  give(row: number): void {
    this.#free.push(row)
  }

  /** The segment that has this word, at `local(word)`. */
  words(word: number): Uint32Array {
    return this.#words[word >>> WORD_BITS] as Uint32Array
  }

  /** The same segment in halves of words, at `local(word) * 2`. */
  slots(word: number): Uint16Array {
    return this.#slots[word >>> WORD_BITS] as Uint16Array
  }
}

/** Place of a word in its segment. */
export const local = (word: number): number => word & (2 ** WORD_BITS - 1)
