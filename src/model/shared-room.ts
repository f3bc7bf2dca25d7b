// Room that strangers share: what is kept of them has a bound in all, and a smaller one for each of them, so that none takes the room of the others.

export type RoomBounds = { readonly most: number; readonly mostOfOne: number }

export class SharedRoom {
  readonly #bounds: RoomBounds
  readonly #kept = new Map<string, { readonly of: string; readonly size: number }>()
  readonly #ofOne = new Map<string, number>()
  #all = 0

  constructor(bounds: RoomBounds) {
    this.#bounds = bounds
  }

  /** False, and nothing is changed, where there is no room for it. What is there already takes none. `of`: whose it is. */
  take(id: string, of: string, size = 1): boolean {
    if (this.#kept.has(id)) return true
    const before = this.#ofOne.get(of) ?? 0
    const { most, mostOfOne } = this.#bounds
    if (this.#all + size > most || before + size > mostOfOne) return false
    this.#kept.set(id, { of, size })
    this.#ofOne.set(of, before + size)
    this.#all += size
    return true
  }

  /** It takes no room any more; nothing where it took none. */
  free(id: string): void {
    const known = this.#kept.get(id)
    if (!known) return
    const rest = (this.#ofOne.get(known.of) ?? 0) - known.size
    if (rest > 0) this.#ofOne.set(known.of, rest)
    else this.#ofOne.delete(known.of)
    this.#kept.delete(id)
    this.#all -= known.size
  }
}
