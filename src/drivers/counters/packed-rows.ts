// Rows of counters as plain numbers, one after the other, on their way to the thread that writes them: handed over, not copied.

import type { Op } from '../../model/counter.ts'

export type Put = (number: number) => void
/** `once`: batches that were told already. */
export type Kind = Op['op'] | 'once'

/** In the order of their numbers. */
export const KINDS = [
  'sum',
  'distinct',
  'mark',
  'leak',
  'once',
  'tokens',
] as const satisfies readonly Kind[]

/** What stands before the numbers of a row: its kind, its key, and how many there are. */
const HEAD = 3

export class PackedRows {
  #numbers = new Float64Array(4096)
  #end = 0
  rows = 0

  /** `fill` puts the numbers of the row; none means that it is gone. */
  add(kind: Kind, key: number, fill: (put: Put) => void): void {
    const head = this.#end
    this.#end += HEAD
    fill(this.#put)
    this.#room(this.#end)
    this.#numbers[head] = KINDS.indexOf(kind)
    this.#numbers[head + 1] = key
    this.#numbers[head + 2] = this.#end - head - HEAD
    this.rows++
  }

  /** All of them; this one is empty after that. */
  take(): Float64Array<ArrayBuffer> {
    const taken = this.#numbers.subarray(0, this.#end)
    this.#numbers = new Float64Array(4096)
    this.#end = 0
    this.rows = 0
    return taken
  }

  readonly #put: Put = number => {
    this.#room(this.#end + 1)
    this.#numbers[this.#end++] = number
  }

  #room(needed: number): void {
    if (needed <= this.#numbers.length) return
    const larger = new Float64Array(this.#numbers.length * 2)
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}

export type PackedRow = {
  readonly kind: Kind
  readonly key: number
  readonly numbers: Float64Array<ArrayBuffer>
}

export function* unpacked(packed: Float64Array<ArrayBuffer>): Generator<PackedRow> {
  for (let at = 0; at + HEAD <= packed.length; ) {
    const [kind = 0, key = 0, count = 0] = packed.subarray(at, at + HEAD)
    const from = at + HEAD
    yield { kind: KINDS[kind] as Kind, key, numbers: packed.subarray(from, from + count) }
    at = from + count
  }
}
