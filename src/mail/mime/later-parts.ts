// The names of attachments behind the first mebibyte, of which nothing else is read: between the boundaries known so far, and those
// that are said there. Reads as the message streams by; a line ends within the longest line that we store (long-lines.ts).

import type { Unreadable } from '../../model/message.ts'
import { parseHeader } from '../header.ts'
import { ReadingBudget } from '../reading-budget.ts'
import { markerOf } from './boundaries.ts'
import { mediaTypes } from './media-types.ts'
import { PARAMETER_STEPS, parameters } from './parameters.ts'
import { partFields, type PartFields } from './part-fields.ts'
import { partNames } from './part-names.ts'
import { transferEncodings } from './transfer-encoding.ts'
import { uuencodedFiles } from './uuencode.ts'
import { MAX_PARTS } from './walk.ts'
import { MAX_NAMES } from './walked.ts'

/** Of a part; of a longer one the rest is not read, and it is said. */
const MAX_HEADER = 64 * 1024
/** So much of what was read already is wanted again: a header may go on behind it. */
export const OVERLAP = MAX_HEADER
const MAX_BOUNDARIES = 100
/** What is not a line by then is looked at as one. */
const MAX_LINE = 2048
/** Work that a line makes which may say something, whatever it says. */
const LINE_STEPS = 40
const MARKER_STEPS = 8
const FILE_STEPS = 200
const LF = 0x0a
/** After a line's end, what begins there may be a boundary, or a file in the text (uuencode.ts). */
const [DASHES, BEGIN] = [Buffer.from('\n--'), Buffer.from('\nbegin')]

export class LaterParts {
  readonly #markers = new Set<string>()
  readonly #names = new Set<string>()
  readonly #unreadable = new Set<Unreadable>()
  readonly #budget = new ReadingBudget()
  /** Behind the last line's end. */
  #rest: Buffer = Buffer.from('\n')
  /** Lines of the header that is being read, and how long they are. */
  #header: string[] | undefined
  #length = 0
  #parts = 0
  /** This header follows on another, or on none (RFC 2046 §5.1.5: a digest's parts are messages). */
  #isInner = false
  /** Nothing more is looked at. */
  #spent = false

  constructor(boundaries: Iterable<string>) {
    this.#addBoundaries(boundaries)
  }

  get names(): ReadonlySet<string> {
    return this.#names
  }

  get unreadable(): ReadonlySet<Unreadable> {
    return this.#unreadable
  }

  push(bytes: Uint8Array): void {
    if (this.#spent) return
    const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const all = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given])
    // One byte before where the next line begins.
    let at = 0
    const marks = [new Mark(all, DASHES), new Mark(all, BEGIN)]
    while (!this.#spent) {
      const line = this.#header ? at : nearest(marks, at)
      if (line === undefined) break
      const end = all.indexOf(LF, line + 1)
      if (end < 0 && all.length - line <= MAX_LINE) {
        at = line
        break
      }
      const stop = end < 0 ? line + MAX_LINE : end
      this.#line(all.toString('latin1', line + 1, stop))
      at = stop
    }
    const keep = this.#header ? at : Math.max(at, lastLine(all))
    this.#rest = Buffer.from(all.subarray(keep))
  }

  /** Call once, after the last byte. */
  end(): void {
    if (!this.#spent && this.#rest.length > 1) this.#line(this.#rest.toString('latin1', 1))
    if (this.#header) this.#read(this.#header)
  }

  /** Without its LF. */
  #line(line: string): void {
    if (line.startsWith('--') && this.#isBoundary(line)) {
      if (this.#header) this.#read(this.#header)
      this.#isInner = false
      return this.#begin()
    }
    if (!this.#header) {
      if (!this.#take(FILE_STEPS)) return undefined
      for (const { name } of uuencodedFiles(line)) this.#add([name])
      return undefined
    }
    if (line === '' || line === '\r') return this.#read(this.#header)
    this.#length += line.length + 1
    if (this.#length <= MAX_HEADER) this.#header.push(line)
    else {
      this.#unreadable.add('header')
      this.#read(this.#header)
    }
    return undefined
  }

  #isBoundary(line: string): boolean {
    if (!this.#take(LINE_STEPS + this.#markers.size * MARKER_STEPS)) return false
    // As some readers take it for one already that only begins like it.
    for (const marker of this.#markers) if (line.startsWith(marker)) return true
    return false
  }

  #begin(): void {
    this.#header = undefined
    if (this.#parts++ >= MAX_PARTS) return void this.#unreadable.add('too-many-parts')
    this.#header = []
    this.#length = 0
    return undefined
  }

  #read(lines: readonly string[]): void {
    this.#header = undefined
    const header = parseHeader(Buffer.from(`${lines.join('\n')}\n\n`, 'latin1'))
    const fields = partFields(header.fields)
    if (!this.#take(this.#length + fields.size * PARAMETER_STEPS)) return
    if (header.unsure) this.#unreadable.add('header')
    const { names, tooMany, foreign } = partNames(fields, this.#budget)
    if (tooMany) this.#unreadable.add('header')
    if (foreign) this.#unreadable.add('character-set')
    this.#add(names)
    this.#addBoundariesOf(fields)
    const types = mediaTypes(fields.types, '')
    const isMessage = types.some(type => type.startsWith('message/'))
    const isHolding = isMessage || types.some(type => type.startsWith('multipart/'))
    // RFC 2045 §6.4 and RFC 2046 §5.2.1 forbid it; nothing is decoded here, so the names in it are not seen.
    if (isHolding && transferEncodings(fields.encodings).some(one => one !== 'none'))
      this.#unreadable.add('header')
    if (!isMessage && (lines.length > 0 || this.#isInner)) return
    // The header of the message in it follows.
    this.#isInner = true
    this.#begin()
  }

  #add(names: readonly string[]): void {
    for (const name of names)
      if (this.#names.size < MAX_NAMES) this.#names.add(name)
      else this.#unreadable.add('too-many-names')
  }

  #addBoundariesOf({ types }: PartFields): void {
    const { values, tooMany, foreign } = parameters(types, 'boundary', this.#budget)
    if (tooMany) this.#unreadable.add('header')
    if (foreign) this.#unreadable.add('character-set')
    this.#addBoundaries([...values].map(value => value.trimEnd()))
  }

  #addBoundaries(boundaries: Iterable<string>): void {
    for (const boundary of boundaries)
      if (this.#markers.size < MAX_BOUNDARIES)
        this.#markers.add(markerOf(boundary).toString('latin1'))
      else this.#unreadable.add('header')
  }

  #take(steps: number): boolean {
    if (this.#budget.take(steps)) return true
    this.#unreadable.add('too-much-work')
    this.#spent = true
    return false
  }
}

/** Where something stands next. What was sought once is not sought again: not even where there is none. */
class Mark {
  readonly #all: Buffer
  readonly #sought: Buffer
  #found = -1

  constructor(all: Buffer, sought: Buffer) {
    this.#all = all
    this.#sought = sought
  }

  from(at: number): number {
    if (this.#found < at) {
      const found = this.#all.indexOf(this.#sought, at)
      this.#found = found < 0 ? Infinity : found
    }
    return this.#found
  }
}

/** The end of the line before the next one that may say something. */
function nearest(marks: readonly Mark[], at: number): number | undefined {
  const next = Math.min(...marks.map(mark => mark.from(at)))
  return next === Infinity ? undefined : next
}

/** Where the last line's end is; what is longer than a line says nothing. */
function lastLine(all: Buffer): number {
  const at = all.lastIndexOf(LF)
  return at < 0 || all.length - at > MAX_LINE ? Math.max(0, all.length - BEGIN.length) : at
}
