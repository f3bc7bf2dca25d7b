// Where the header of a request ends, however its bytes come: what is behind that is not for Node's parser to see at once.

/** Bytes of a header that are given to the parser at once. */
const PIECE = 1024
const END = Buffer.from('\n\r\n')

export class HeaderEnd {
  /** The last bytes before: the end may have begun in them. */
  #before = Buffer.alloc(0)
  #over = false

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
    return size
  }
}
