// The content of one request, of which the length is known. It is given on in few pieces, also when each byte comes by itself: Node keeps a
// piece until the app reads it, and each costs some hundred bytes, whatever is in it.

/** What comes in smaller pieces is gathered, up to this. */
const GATHERED = 16 * 1024

export class Content {
  /** Bytes that did not come yet. */
  left: number
  #held = Buffer.alloc(0)
  #size = 0

  constructor(length: number) {
    this.left = length
  }

  /** Gives on what there is enough of, and returns what is not of this content. */
  take(bytes: Buffer, give: (piece: Buffer) => void): Buffer {
    const mine = bytes.subarray(0, this.left)
    this.left -= mine.length
    if (this.#size === 0 && (mine.length >= GATHERED || this.left === 0)) give(mine)
    else this.#gather(mine, give)
    return bytes.subarray(mine.length)
  }

  #gather(bytes: Buffer, give: (piece: Buffer) => void): void {
    for (let rest = bytes; rest.length > 0; ) {
      if (this.#size === 0)
        this.#held = Buffer.allocUnsafeSlow(Math.min(GATHERED, rest.length + this.left))
      const copied = rest.copy(this.#held, this.#size)
      this.#size += copied
      rest = rest.subarray(copied)
      if (this.#size < this.#held.length) return
      give(this.#held)
      this.#size = 0
    }
  }
}
