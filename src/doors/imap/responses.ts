// What the back end says, cut into responses (RFC 9051 §7): lines, and literals that are stepped over by their count and never read. A line
// is passed on when it is whole, or when it is longer than any that a gateway has to know. Pure but for what it calls.

const LF = 0x0a
/** No line that decides anything is longer; one that is longer is passed on as it comes. */
const MAX_KNOWN = 8192
/** As much of a long line as shows whether a literal follows. */
const TAIL = 16

/** What is to be done with a response: passed on, as it is or with another first line; or not, and where its literal goes. */
export type Fate =
  | { readonly to: 'client'; readonly line?: string }
  | { readonly to: 'us'; readonly literal?: (bytes: Buffer) => void }

export type ResponsesParts = {
  /** Called with the first line of a response, one character a byte; a long one is cut. */
  readonly decide: (line: string, literal: number | undefined) => Fate
  /** Bytes for the client. */
  readonly out: (bytes: Buffer) => void
}

const TO_CLIENT: Fate = { to: 'client' }
const NOTHING = Buffer.alloc(0)

export class Responses {
  readonly #parts: ResponsesParts
  /** Bytes of the line that has not ended. */
  #line: Buffer = NOTHING
  /** Bytes of a literal that are still to come. */
  #literal = 0
  /** The line is one that goes on after a literal, or is being passed on in pieces. */
  #fate: Fate | undefined
  #inPieces = false

  constructor(parts: ResponsesParts) {
    this.#parts = parts
  }

  /** No response has begun that has not ended. */
  get isBetween(): boolean {
    return this.#fate === undefined && this.#line.length === 0
  }

  push(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0; ) {
      rest = this.#literal > 0 ? this.#inLiteral(rest) : this.#inLine(rest)
    }
  }

  #inLiteral(bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, this.#literal)
    this.#literal -= taken.length
    const fate = this.#fate ?? TO_CLIENT
    if (fate.to === 'client') this.#parts.out(taken)
    else fate.literal?.(taken)
    return bytes.subarray(taken.length)
  }

  #inLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LF)
    const taken = end < 0 ? bytes : bytes.subarray(0, end + 1)
    const line = this.#line.length === 0 ? taken : Buffer.concat([this.#line, taken])
    if (end >= 0) this.#ended(line)
    else if (line.length > MAX_KNOWN) this.#tooLong(line)
    else this.#line = line
    return bytes.subarray(taken.length)
  }

  /** A line that has not ended, and is passed on up to here. */
  #tooLong(line: Buffer): void {
    this.#fate ??= this.#parts.decide(line.toString('latin1', 0, MAX_KNOWN), undefined)
    this.#inPieces = true
    this.#pass(line.subarray(0, -TAIL))
    this.#line = line.subarray(-TAIL)
  }

  #ended(line: Buffer): void {
    this.#line = NOTHING
    const text = line.toString('latin1')
    const isFirst = this.#fate === undefined
    const literal = isFirst && hasNoLiteral(text) ? undefined : sizeOf(text)
    this.#fate ??= this.#parts.decide(text, literal)
    const { fate } = { fate: this.#fate }
    if (isFirst && !this.#inPieces && fate.to === 'client' && fate.line !== undefined)
      this.#parts.out(Buffer.from(fate.line, 'latin1'))
    else this.#pass(line)
    this.#inPieces = false
    if (literal === undefined) this.#fate = undefined
    else this.#literal = literal
  }

  #pass(bytes: Buffer): void {
    if (this.#fate?.to !== 'us') this.#parts.out(bytes)
  }
}

/** RFC 9051 §7.1: text for people, which may look like anything, and has no literal. */
const hasNoLiteral = (line: string): boolean => /^(?:\+|\S+ (?:OK|NO|BAD|BYE|PREAUTH) )/i.test(line)

function sizeOf(line: string): number | undefined {
  const size = /\{(\d{1,15})\}\r?\n$/.exec(line)?.[1]
  return size === undefined ? undefined : Number(size)
}
