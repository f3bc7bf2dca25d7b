// Bytes put together as they come, in one buffer: a buffer for each small piece takes a hundred times its length, and a part of a large
// one keeps all of that in memory. It has at most twice the room of what is in it.

/** Views that were given out keep their bytes. */
export class Gathered {
  #room: Buffer = NOTHING
  #from = 0
  #end = 0

  get length(): number {
    return this.#end - this.#from
  }

  add(piece: Uint8Array): void {
    if (this.#end + piece.length > this.#room.length) this.#grow(this.length + piece.length)
    this.#room.set(piece, this.#end)
    this.#end += piece.length
  }

  /** All of it, or what stands at its beginning; a view, nothing is copied. */
  bytes(length = this.length): Buffer {
    return this.#room.subarray(this.#from, this.#from + length)
  }

  /** Drops so many bytes at the beginning. */
  drop(length = this.length): void {
    this.#from += length
    if (this.#from < this.#end) return
    this.#room = NOTHING
    this.#from = this.#end = 0
  }

  /** Bytes that were given out are never written to again: the old room stays with the callers that have it. */
  #grow(needed: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(needed, this.length * 2))
    this.bytes().copy(room)
    this.#end -= this.#from
    this.#from = 0
    this.#room = room
  }
}

const NOTHING = Buffer.alloc(0)
