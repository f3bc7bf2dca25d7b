// Keys of rows that changed and are not written yet. Changing is what happens all the time, and writing once a second: so a key is
// only put down at first, as often as it comes, and told apart from its like when they are taken.

const FIRST_ROOM = 1024

export class ChangedKeys {
  #keys = new Float64Array(FIRST_ROOM)
  #count = 0
  #last = Number.NaN

  add(key: number): void {
    // Several counters of one row change together.
    if (key === this.#last) return
    this.#last = key
    if (this.#count === this.#keys.length) this.#makeRoom()
    this.#keys[this.#count++] = key
  }

  /** Each once, the smallest first; none are left. */
  take(): Float64Array {
    this.#unite()
    const taken = this.#keys.slice(0, this.#count)
    const room = this.#keys.length
    if (this.#count < room / 4 && room > FIRST_ROOM) this.#keys = new Float64Array(room / 2)
    this.#count = 0
    this.#last = Number.NaN
    return taken
  }

  /** Grows with how many rows there are, not with how often they change. */
  #makeRoom(): void {
    this.#unite()
    if (this.#count <= this.#keys.length / 2) return
    const larger = new Float64Array(this.#keys.length * 2)
    larger.set(this.#keys)
    this.#keys = larger
  }

  #unite(): void {
    const keys = this.#keys
    keys.subarray(0, this.#count).sort()
    let kept = 0
    for (let i = 0; i < this.#count; i++) {
      const key = keys[i] as number
      if (kept === 0 || key !== keys[kept - 1]) keys[kept++] = key
    }
    this.#count = kept
  }
}
