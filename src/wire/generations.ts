// A map that forgets entries that were not put for a while, or when there is no more room: two maps, of which the older is dropped when the
// younger is full or has come of age. The oldest entry is never searched: a Map from which the first is taken again and again grows slow.

export type Bounds = {
  /** Weight of all entries together. */
  readonly most: number
  /** ms; an entry is kept for so long after it was put, and at most for twice as long. */
  readonly keep: number
}

type WeighedValue<V> = { readonly value: V; readonly weight: number }

export class Generations<V> {
  readonly #bounds: Bounds
  #young = new Map<string, WeighedValue<V>>()
  #old = new Map<string, WeighedValue<V>>()
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
    return (this.#young.get(key) ?? this.#old.get(key))?.value
  }

  weightOf(key: string): number {
    return (this.#young.get(key) ?? this.#old.get(key))?.weight ?? 0
  }

  put(key: string, { value, weight, at }: WeighedValue<V> & { readonly at: number }): void {
    this.#age(at)
    this.#weight += weight - (this.#young.get(key)?.weight ?? 0)
    this.#young.set(key, { value, weight })
    this.#old.delete(key)
    if (this.#weight > this.#bounds.most / 2) this.#begin(at)
  }

  #age(at: number): void {
    const age = at - this.#began
    const { keep } = this.#bounds
    if (age < keep) return
    const isSilence = age >= 2 * keep
    // Begins when it was due, as if it had been looked at then.
    this.#begin(isSilence ? at : this.#began + keep)
    if (isSilence) this.#old = new Map()
  }

  #begin(at: number): void {
    this.#old = this.#young
    this.#young = new Map()
    this.#weight = 0
    this.#began = at
  }
}
