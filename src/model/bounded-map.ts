// A map of at most so many entries: what was put first goes first.
//
// The first key of a Map is found by a walk over the places of all that were deleted before it; with 10,000 entries that is ten microseconds
// for each that is put. So one walk is kept, and goes on where it stopped.

export class BoundedMap<K, V> {
  readonly #most: number
  readonly #entries = new Map<K, V>()
  #oldest = this.#entries.keys()

  /** `most`: entries, at least one. */
  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  /** One that is there already keeps its place among the others. */
  set(key: K, value: V): void {
    if (this.#entries.size >= this.#most && !this.#entries.has(key)) this.#deleteOldest()
    this.#entries.set(key, value)
  }

  delete(key: K): boolean {
    return this.#entries.delete(key)
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.entries()
  }

  values(): IterableIterator<V> {
    return this.#entries.values()
  }

  #deleteOldest(): void {
    let first = this.#oldest.next()
    if (first.done) {
      // It came to its end while the map was empty.
      this.#oldest = this.#entries.keys()
      first = this.#oldest.next()
    }
    if (!first.done) this.#entries.delete(first.value)
  }
}
