// A map that forgets entries that were not put for a while, or when there is no more room: two maps, of which the older is dropped when the
// younger is full or has come of age. The oldest entry is never searched: a Map from which the first is taken again and again grows slow.

import { fnv1a } from '../model/fnv-1a.ts'

export type Bounds = {
  /** Weight of all entries together. */
  readonly most: number
  /** ms; an entry is kept for so long after it was put, and at most for twice as long. */
  readonly keep: number
}

type WeighedValue<V> = { readonly value: V; readonly weight: number }

/**
 * Bits of what a generation may have. Most keys that are asked for were never put, and in a map of many thousands that costs a microsecond to
 * find out: each step of the search is somewhere else in memory. These 128 KB stay near the processor.
 */
const BITS = 2 ** 20

class Generation<V> {
  readonly #entries = new Map<string, WeighedValue<V>>()
  readonly #bits = new Uint8Array(BITS / 8)

  get size(): number {
    return this.#entries.size
  }

  /** `hash`: of the key. */
  get(key: string, hash: number): WeighedValue<V> | undefined {
    return this.#mayHave(hash) ? this.#entries.get(key) : undefined
  }

  set(key: string, hash: number, value: WeighedValue<V>): void {
    const bit = hash % BITS
    this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] as number) | (1 << (bit & 7))
    this.#entries.set(key, value)
  }

  delete(key: string, hash: number): void {
    if (this.#mayHave(hash)) this.#entries.delete(key)
  }

  #mayHave(hash: number): boolean {
    const bit = hash % BITS
    return ((this.#bits[bit >>> 3] as number) & (1 << (bit & 7))) !== 0
  }
}

export class Generations<V> {
  readonly #bounds: Bounds
  #young = new Generation<V>()
  #old = new Generation<V>()
  #weight = 0
  #began = Number.NEGATIVE_INFINITY

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string, at: number): V | undefined {
    this.#age(at)
    return this.#entry(key)?.value
  }

  weightOf(key: string): number {
    return this.#entry(key)?.weight ?? 0
  }

  put(key: string, { value, weight, at }: WeighedValue<V> & { readonly at: number }): void {
    this.#age(at)
    const hash = fnv1a(key)
    this.#weight += weight - (this.#young.get(key, hash)?.weight ?? 0)
    this.#young.set(key, hash, { value, weight })
    this.#old.delete(key, hash)
    if (this.#weight > this.#bounds.most / 2) this.#begin(at)
  }

  #entry(key: string): WeighedValue<V> | undefined {
    const hash = fnv1a(key)
    return this.#young.get(key, hash) ?? this.#old.get(key, hash)
  }

  #age(at: number): void {
    const age = at - this.#began
    const { keep } = this.#bounds
    if (age < keep) return
    const isSilence = age >= 2 * keep
    // Begins when it was due, as if it had been looked at then.
    this.#begin(isSilence ? at : this.#began + keep)
    if (isSilence) this.#old = new Generation()
  }

  #begin(at: number): void {
    this.#old = this.#young
    this.#young = new Generation()
    this.#weight = 0
    this.#began = at
  }
}
