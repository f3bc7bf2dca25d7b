// Where the header of a request ends, however its bytes come: what is behind that is not for Node's parser to see at once.

/** Bytes of a header that are given to the parser at once. */
const PIECE = 1024
const END = Buffer.from('\n\r\n')
/** Bytes of a header: Node's own bound. Behind a request for another protocol its parser does not say that it has failed. */
const MOST = 16 * 1024

export class HeaderEnd {
  /** The last bytes before: the end may have begun in them. */
  #before = Buffer.alloc(0)
  #over = false
  #size = 0

  /** It has gone on for too long without its end. */
  get isTooLong(): boolean {
    return !this.#over && this.#size > MOST
  }

  get over(): boolean {
    return this.#over
  }

  /** How many of these bytes to give to the parser: all up to the end at most. */
  sizeIn(bytes: Buffer): number {
    const piece = Buffer.concat([this.#before, bytes.subarray(0, PIECE)])
    const at = piece.indexOf(END)
    this.#over = at >= 0
    const size = (this.#over ? at + END.length : piece.length) - this.#before.length
    this.#before = piece.subarray(1 - END.length)
    this.#size += size
    return size
  }
}
