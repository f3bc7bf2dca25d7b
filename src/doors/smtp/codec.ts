// Bytes from an SMTP client, cut into command lines and message data. Pure: no socket, no clock.
//
// Lines end in CR LF and in nothing else (RFC 5321 §2.3.8). A message ends at CR LF . CR LF and at nothing else
// (§4.1.1.4), or where its lengths say (BDAT, RFC 3030): every other sequence that some server somewhere takes
// for the end is content here, and is turned into something no server takes for the end before it is passed on.

import { MessageBytes } from '../../mail/message-bytes.ts'

export type Token =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'bad-line'; readonly why: 'too-long' | 'bare-newline' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** The end of a message, or of one chunk of it. `repaired`: there were bare CRs or LFs, now CR LF. */
  | { readonly kind: 'data-end'; readonly repaired: boolean }
  | { readonly kind: 'chunk-end'; readonly repaired: boolean }

// RFC 5321 §4.5.3.1.4 asks for 512 octets, RFC 4954 §4 for 12,288 where AUTH is offered.
const MAX_LINE = 12_288
/** Bytes of a line too long that count as one mistake. */
const PATIENCE = 64 * 1024

const NOTHING = Buffer.alloc(0)
const CR = 0x0d
const LF = 0x0a
// What a TLS record of a ClientHello begins with (RFC 8446 §5.1).
const HANDSHAKE = 0x16
const TLS_MAJOR = 3

export class SmtpDecoder {
  #buffer: Buffer = NOTHING
  #mode: 'command' | 'data' | 'chunk' = 'command'
  #message = new MessageBytes('dots')
  /** Bytes left of the chunk that is being read. */
  #left = 0
  #last = false
  /** Inside a line that was too long already: skip to its end. */
  #skipping = false
  #skipped = 0

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
  }

  /** Bytes that have come and are not read yet. */
  get waiting(): number {
    return this.#buffer.length
  }

  /** What follows is message data, until its end. */
  startData(): void {
    this.#mode = 'data'
    this.#message = new MessageBytes('dots')
  }

  /** What follows are so many bytes of a message. The first chunk begins a new one, the last one ends it. */
  startChunk(size: number, place: { readonly first: boolean; readonly last: boolean }): void {
    this.#mode = 'chunk'
    this.#left = size
    this.#last = place.last
    if (place.first) this.#message = new MessageBytes('lengths')
  }

  /** Forgets everything not yet read: after STARTTLS nothing said in clear may count (RFC 3207 §4.2). */
  discard(): void {
    this.#buffer = NOTHING
    this.#skipping = false
  }

  /** A view of a read keeps the whole read in memory; an empty rest must not. */
  #use(bytes: number): void {
    this.#buffer = bytes === this.#buffer.length ? NOTHING : this.#buffer.subarray(bytes)
  }

  /** The rest of a large read, the beginning of a line, may wait for long: it is copied, so that the read is freed. */
  #wait(): undefined {
    if (this.#buffer.length * 4 >= this.#buffer.buffer.byteLength) return
    const alone = Buffer.allocUnsafeSlow(this.#buffer.length)
    this.#buffer.copy(alone)
    this.#buffer = alone
  }

  /** The next token, or undefined when more bytes are needed. */
  next(): Token | undefined {
    if (this.#mode === 'data') return this.#nextData()
    return this.#mode === 'chunk' ? this.#nextOfChunk() : this.#nextLine()
  }

  #nextLine(): Token | undefined {
    // A TLS handshake has no lines, and its client waits for an answer.
    if (this.#buffer[0] === HANDSHAKE && this.#buffer[1] === TLS_MAJOR) {
      this.#buffer = NOTHING
      return { kind: 'line', text: '\u0016\u0003' }
    }
    const end = this.#buffer.indexOf(LF)
    if (end < 0) {
      if (this.#buffer.length <= MAX_LINE) return this.#wait()
      this.#skipped += this.#buffer.length
      this.#buffer = NOTHING
      this.#skipping = true
      if (this.#skipped < PATIENCE) return undefined
      // A line that does not end is one mistake after the other, until the session has had enough of them.
      this.#skipped = 0
      return { kind: 'bad-line', why: 'too-long' }
    }
    const line = this.#buffer.subarray(0, end)
    this.#use(end + 1)
    if (this.#skipping || line.length > MAX_LINE) {
      this.#skipping = false
      this.#skipped = 0
      return { kind: 'bad-line', why: 'too-long' }
    }
    const text = line[line.length - 1] === CR ? line.subarray(0, -1) : undefined
    if (!text || text.includes(CR)) return { kind: 'bad-line', why: 'bare-newline' }
    return { kind: 'line', text: text.toString('utf8') }
  }

  #nextData(): Token | undefined {
    if (this.#message.ended) {
      this.#mode = 'command'
      return { kind: 'data-end', repaired: this.#message.repaired }
    }
    if (this.#buffer.length === 0) return undefined
    const { bytes, used } = this.#message.take(this.#buffer)
    this.#use(used)
    return bytes.length > 0 ? { kind: 'data', bytes } : this.#nextData()
  }

  #nextOfChunk(): Token | undefined {
    if (this.#left === 0) {
      const rest = this.#last ? this.#message.finish() : new Uint8Array(0)
      if (rest.length > 0) return { kind: 'data', bytes: rest }
      this.#mode = 'command'
      return { kind: 'chunk-end', repaired: this.#message.repaired }
    }
    if (this.#buffer.length === 0) return undefined
    const part = this.#buffer.subarray(0, this.#left)
    this.#left -= part.length
    this.#use(part.length)
    const { bytes } = this.#message.take(part)
    return bytes.length > 0 ? { kind: 'data', bytes } : this.#nextOfChunk()
  }
}
