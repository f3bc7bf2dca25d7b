// Ends the header of a message where Postfix's cleanup ends it, as the bytes stream in, so that every reader after us finds the same
// fields as we do: an empty line goes in front of the first line that is no field. Lines of a mailbox file in front of the first
// field become fields (X-Mailbox-Line); `Name :` becomes `Name:`. The body is passed on as it comes, without a copy.

import { type LineKind, LineStart } from './line-start.ts'

const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
const NOTHING = new Uint8Array(0)
const NO_BYTES = Buffer.alloc(0)
const EMPTY_LINE = Buffer.from('\r\n')
const MAILBOX_LINE = Buffer.from('X-Mailbox-Line: ')

/** Bytes of a header, with its empty line and with what is put in here. */
export const MAX_HEADER = 256 * 1024
/** Fields; one of several lines is one. */
export const MAX_FIELDS = 1000

/**
 * Of a message as it is stored and handed on: what we put in front (Received, Authentication-Results of at most 16 KiB, DKIM-Signature,
 * an ARC set, Return-Path …) has room of its own, so that a later reading of the message reads no less than was judged.
 */
export const STORED = { fields: MAX_FIELDS + 50, bytes: MAX_HEADER + 64 * 1024 } as const

export type HeaderEndedAt = { readonly line: string; readonly number: number }

/** Bytes of the line that ended a header early that are told. */
const MAX_TOLD = 80

export class HeaderEnd {
  #place: 'line-start' | 'in-line' | 'body' | 'too-large' = 'line-start'
  #line = new LineStart()
  /** The beginning of a line whose kind is not known yet. */
  #begun: Uint8Array[] = []
  /** Lines of a mailbox file may stand here, and a line cannot go on. */
  #atTop = true
  #fields = 0
  #size = 0
  #endedEarly = false
  #lines = 0
  /** The line that ended the header early, as far as it has come. */
  #culprit: Buffer = NO_BYTES
  #isCulpritWhole = true
  #out: Uint8Array[] = []
  /** A space stood before the colon of a From: it is taken away here. */
  spacedFrom = false

  /**
   * The line that is no field and ended the header: an empty line was put in front, and what follows is body for every reader. Printable,
   * at most 80 characters, and which line of the header it is, from 1.
   */
  get endedAt(): HeaderEndedAt | undefined {
    if (!this.#endedEarly) return undefined
    const line = this.#culprit
      .toString('latin1')
      .trimEnd()
      .replaceAll(/[^ -~]/g, '?')
    return { line, number: this.#lines }
  }

  /**
   * It is over a limit, which one and by how much: nothing more is passed on, and the message is to be refused. What comes behind is not
   * counted.
   */
  get tooLarge(): string | undefined {
    if (this.#place !== 'too-large') return undefined
    const read = `${this.#fields} fields and ${Math.ceil(this.#size / 1024)} KiB`
    return this.#fields > MAX_FIELDS
      ? `it has more than ${MAX_FIELDS} fields: ${read} were read`
      : `it has more than ${MAX_HEADER / 1024} KiB: ${read} were read`
  }

  /** The header has not ended yet. */
  get isOpen(): boolean {
    return this.#place === 'line-start' || this.#place === 'in-line'
  }

  /** Lines of it so far. */
  get lines(): number {
    return this.#lines
  }

  /** Returns the bytes of this chunk, and of earlier ones, that may be passed on. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#isBody()) {
      if (!this.#isCulpritWhole) this.#tell([chunk])
      return chunk
    }
    if (this.#place === 'too-large') return NOTHING
    let passed = 0
    for (let at = 0; at < chunk.length && !this.#isBody(); ) {
      if (this.#place === 'in-line') {
        at = this.#restOfLine(chunk, at)
        continue
      }
      if (this.#isContinuation(chunk[at])) {
        this.#lines++
        this.#place = 'in-line'
        continue
      }
      const began = at
      let kind: LineKind | undefined
      while (kind === undefined && at < chunk.length) kind = this.#line.next(chunk[at++] as number)
      // The byte that shows that it is no field is not read yet.
      if (kind === 'other' || kind === 'mailbox') at--
      this.#size += at - began
      passed = kind
        ? this.#decided(kind, chunk, { passed, began, at })
        : this.#undecided(chunk, { passed, began })
    }
    this.#pass(chunk.subarray(passed))
    return this.#given()
  }

  /** Call after the last chunk. */
  end(): Uint8Array {
    if (this.#place !== 'line-start' || this.#begun.length === 0) return NOTHING
    // A last line without its end is of the same kind as with it.
    const kind = this.#line.next(LF) ?? 'other'
    this.#decided(kind, NOTHING, { passed: 0, began: 0, at: 0 })
    return this.#given()
  }

  #isBody(): boolean {
    return this.#place === 'body'
  }

  /** Most lines of a header that takes long are, and the first byte decides it. */
  #isContinuation(first: number | undefined): boolean {
    const isSpace = first === SPACE || first === TAB
    return isSpace && !this.#atTop && this.#begun.length === 0
  }

  #restOfLine(chunk: Uint8Array, at: number): number {
    const newline = chunk.indexOf(LF, at)
    const next = newline < 0 ? chunk.length : newline + 1
    if (newline >= 0) this.#place = 'line-start'
    this.#size += next - at
    return next
  }

  #undecided(chunk: Uint8Array, { passed, began }: { passed: number; began: number }): number {
    this.#pass(chunk.subarray(passed, began))
    this.#begun.push(chunk.subarray(began))
    return chunk.length
  }

  /** A line that began at `began`, or before the chunk, is known at `at`. Up to where the chunk is passed on after this. */
  #decided(
    kind: LineKind,
    chunk: Uint8Array,
    { passed, began, at }: { passed: number; began: number; at: number },
  ): number {
    const { nameLength } = this.#line
    this.#line = new LineStart()
    this.#lines++
    const field = kind === 'field' || (kind === 'mailbox' && this.#atTop)
    if (field) this.#fields++
    this.#place = field ? 'in-line' : 'body'
    if (kind === 'field') {
      this.#atTop = false
      return this.#passName(chunk, { passed, began, colon: at - 1, nameLength })
    }
    if (kind === 'empty') return this.#passBegun(passed)
    this.#pass(chunk.subarray(passed, began))
    this.#pass(field ? MAILBOX_LINE : EMPTY_LINE)
    if (!field) {
      this.#endedEarly = true
      this.#isCulpritWhole = false
      this.#tell([...this.#begun, chunk.subarray(began, began + MAX_TOLD)])
    }
    this.#size += field ? MAILBOX_LINE.length : 0
    return this.#passBegun(began)
  }

  #tell(parts: readonly Uint8Array[]): void {
    const all = Buffer.concat([this.#culprit, ...parts.map(part => part.subarray(0, MAX_TOLD))])
    const end = all.indexOf(LF)
    // A copy: the buffer that it was cut from is not kept.
    this.#culprit = Buffer.from(all.subarray(0, Math.min(end < 0 ? all.length : end, MAX_TOLD)))
    this.#isCulpritWhole = end >= 0 || this.#culprit.length >= MAX_TOLD
  }

  /** Passes the name on without the space before the colon, so that every reader finds the same name. */
  #passName(
    chunk: Uint8Array,
    {
      passed,
      began,
      colon,
      nameLength,
    }: { passed: number; began: number; colon: number; nameLength: number },
  ): number {
    const begun = this.#begun.reduce((sum, part) => sum + part.length, 0)
    if (begun + colon - began === nameLength) return this.#passBegun(passed)
    this.#pass(chunk.subarray(passed, began))
    const name = Buffer.concat([...this.#begun, chunk.subarray(began, colon)])
    this.#begun = []
    this.#pass(name.subarray(0, nameLength))
    if (/^from$/i.test(name.toString('latin1', 0, nameLength))) this.spacedFrom = true
    return colon
  }

  /** What was kept of a line stands in front of the chunk. */
  #passBegun(passed: number): number {
    this.#out.push(...this.#begun)
    this.#begun = []
    return passed
  }

  /** What was read until then is passed on, so that a person who looks for the message finds it by its Message-ID. */
  #giveUp(): void {
    this.#place = 'too-large'
    this.#begun = []
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#out.push(bytes)
  }

  #given(): Uint8Array {
    if (this.#size > MAX_HEADER || this.#fields > MAX_FIELDS) this.#giveUp()
    const out = this.#out
    this.#out = []
    return out.length === 1 ? (out[0] as Uint8Array) : Buffer.concat(out)
  }
}
