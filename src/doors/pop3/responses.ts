// What the server behind says, cut into responses: a line, or lines up to a dot alone, which are passed on as they come and never read. Only
// what it says that it can do is kept until it is whole. Pure but for what it calls.

import type { AnsweredIn } from './command-line.ts'

export type ResponsesParts = {
  /** How the next response comes; undefined when none is awaited. */
  readonly next: () => AnsweredIn | undefined
  /** Bytes for the client. */
  readonly out: (bytes: Buffer) => void
  /** The lines of its capabilities, as the client is to hear them. */
  readonly edited: (lines: readonly string[]) => readonly string[]
  /** It says more than any server does. */
  readonly tooMuch: () => void
}

const LF = 0x0a
const END = '\r\n.\r\n'
/** Bytes of the first line of a response, and of its capabilities. */
const MAX_KNOWN = 8192
const NOTHING = Buffer.alloc(0)
/** The first line has ended, so that a dot may come. */
const LINE_END = Buffer.from('\r\n')

export class Responses {
  readonly #parts: ResponsesParts
  #mode: 'line' | 'lines' | 'capabilities' = 'line'
  /** Of a line or of capabilities: all there is. Of lines: the last bytes, of which the end may begin. */
  #held: Buffer = NOTHING

  constructor(parts: ResponsesParts) {
    this.#parts = parts
  }

  /** No response has begun that has not ended. */
  get isBetween(): boolean {
    return this.#mode === 'line' && this.#held.length === 0
  }

  push(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0; )
      rest = this.#mode === 'lines' ? this.#lines(rest) : this.#kept(rest)
  }

  /** Up to the end of the lines, which may lie across two reads. */
  #lines(bytes: Buffer): Buffer {
    const before = this.#held
    const seam = Buffer.concat([before, bytes.subarray(0, END.length - 1)])
    const across = seam.indexOf(END)
    const inside = across < 0 ? bytes.indexOf(END) : -1
    const end =
      across >= 0 ? across + END.length - before.length : inside < 0 ? -1 : inside + END.length
    if (end < 0) {
      this.#parts.out(bytes)
      // A view would keep all that was read with it.
      this.#held = Buffer.from(
        Buffer.concat([before, bytes.subarray(1 - END.length)]).subarray(1 - END.length),
      )
      return NOTHING
    }
    this.#parts.out(bytes.subarray(0, end))
    this.#begin('line', NOTHING)
    return bytes.subarray(end)
  }

  #kept(bytes: Buffer): Buffer {
    const whole = Buffer.concat([this.#held, bytes])
    const at = this.#mode === 'line' ? whole.indexOf(LF) : whole.indexOf(END)
    if (at < 0 || at > MAX_KNOWN) {
      this.#held = whole
      if (whole.length > MAX_KNOWN) this.#parts.tooMuch()
      return NOTHING
    }
    const size = this.#mode === 'line' ? at + 1 : at + END.length
    if (this.#mode === 'line') this.#line(whole.subarray(0, size))
    else this.#capabilities(whole.toString('latin1', LINE_END.length, at))
    return whole.subarray(size)
  }

  #line(line: Buffer): void {
    const how = this.#parts.next()
    this.#parts.out(line)
    const goesOn = line.toString('latin1', 0, 3).toUpperCase() === '+OK'
    if (goesOn && how !== undefined && how !== 'line') this.#begin(how, LINE_END)
    else this.#begin('line', NOTHING)
  }

  #capabilities(text: string): void {
    const lines = [...this.#parts.edited(text.split('\r\n')), '.']
    this.#parts.out(Buffer.from(lines.map(line => `${line}\r\n`).join(''), 'latin1'))
    this.#begin('line', NOTHING)
  }

  #begin(mode: 'line' | 'lines' | 'capabilities', held: Buffer): void {
    this.#mode = mode
    this.#held = held
  }
}
