// Small pieces of a message, put together: each piece that is passed on costs some hundred bytes besides its own until the message is
// whole, and a client may send its message byte by byte (`BDAT 1`). Pure.

/** A piece of this many bytes is passed on as it is. */
const LARGE = 1024
/** Bytes that are put together, at most. */
const ROOM = 4096

export class Pieces {
  #room: Uint8Array | undefined
  #used = 0

  /** What is to be passed on now, in order. */
  add(piece: Uint8Array): readonly Uint8Array[] {
    if (piece.length >= LARGE) return [...this.rest(), piece]
    const full = this.#used + piece.length > ROOM ? this.rest() : []
    this.#room ??= new Uint8Array(ROOM)
    this.#room.set(piece, this.#used)
    this.#used += piece.length
    return full
  }

  /** What was kept back: call it before the message is finished, and to forget a message. */
  rest(): readonly Uint8Array[] {
    if (!this.#room) return []
    // What is left of the room would be kept with it.
    const rest =
      this.#used * 2 > ROOM ? this.#room.subarray(0, this.#used) : this.#room.slice(0, this.#used)
    this.#room = undefined
    this.#used = 0
    return [rest]
  }
}
