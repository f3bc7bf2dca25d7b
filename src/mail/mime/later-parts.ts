// The names of attachments behind the first mebibyte, of which nothing else is read: between the boundaries known so far, and those
// that are said there. What comes before is passed, so that it is known in which header, line or part the rest begins. Reads as the message
// streams by; of a line that is too long the rest is not read, and in a header that is said.

import type { Unreadable } from '../../model/message.ts'
import { parseHeader } from '../header.ts'
import { linesAsSent } from '../as-sent.ts'
import type { FoldWay } from '../long-lines.ts'
import { ReadingBudget } from '../reading-budget.ts'
import { comparedOf } from './boundaries.ts'
import { lastLine, LF, LineMarks } from './line-marks.ts'
import { mediaTypes } from './media-types.ts'
import { PARAMETER_STEPS, parameters } from './parameters.ts'
import { partFields, type PartFields } from './part-fields.ts'
import { partNames } from './part-names.ts'
import { transferEncodings } from './transfer-encoding.ts'
import { begunFiles } from './uuencode.ts'
import { MAX_PARTS } from './walk.ts'
import { MAX_NAMES } from './walked.ts'

/** Bytes of a part's header; the rest of a longer one is not read, and it counts as unreadable, unless it ends in the first mebibyte. */
const MAX_HEADER = 64 * 1024
const MAX_BOUNDARIES = 100
/** Text outside a header that has no end of line by then is looked at as one line. */
const MAX_LINE = 2048
/** Work that any line takes that may say something. */
const LINE_STEPS = 40
const MARKER_STEPS = 8
const FILE_STEPS = 200

export class LaterParts {
  readonly #markers = new Set<string>()
  readonly #names = new Set<string>()
  /** Nothing is reported: walk.ts has read all of this before. */
  #isPassing = false
  readonly #unreadable = new Set<Unreadable>()
  readonly #budget = new ReadingBudget()
  /** The bytes behind the last line's end. */
  #rest: Buffer = Buffer.from('\n')
  /** Lines of the header that is being read, and their length. */
  #header: string[] | undefined
  #length = 0
  #parts = 0
  /** This header follows on another, or on none (RFC 2046 §5.1.5: a digest's parts are messages). */
  #isInner = false
  /** Nothing says that what is read is a header: it may be text. */
  #isAssumed = false
  /** A message or a multipart is in an encoding, up to the next boundary. */
  #isEncoded = false
  /** Nothing more is looked at. */
  #spent = false

  readonly #folds: FoldWay | 'never'

  /** `folds`: how long lines are folded when the message is sent: a header is read as that, too. */
  constructor(boundaries: Iterable<string>, folds: FoldWay | 'never' = 'ours') {
    this.#folds = folds
    this.#addBoundaries(boundaries)
  }

  get names(): ReadonlySet<string> {
    return this.#names
  }

  get unreadable(): ReadonlySet<Unreadable> {
    return this.#unreadable
  }

  /** The beginning of the message. Call it before all else; only what goes on behind it is told of. */
  pass(beginning: Uint8Array): void {
    this.#isPassing = true
    this.#isInner = true
    this.#header = []
    this.push(beginning)
    this.#isPassing = false
    this.#parts = 0
    if (this.#length > MAX_HEADER || this.#isEncoded) this.#unread('header')
  }

  push(bytes: Uint8Array): void {
    if (this.#spent) return
    const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const all = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given])
    // One byte before where the next line begins.
    let at = 0
    const marks = new LineMarks(all)
    while (!this.#spent) {
      const line = this.#header ? at : marks.next(at)
      if (line === undefined) break
      const end = all.indexOf(LF, line + 1)
      const most = this.#header ? MAX_HEADER : MAX_LINE
      if (end < 0 && all.length - line <= most) {
        at = line
        break
      }
      const stop = end < 0 ? line + most : end
      this.#line(all.toString('latin1', line + 1, stop))
      at = stop
    }
    const keep = this.#header ? at : Math.max(at, lastLine(all, MAX_LINE))
    this.#rest = Buffer.from(all.subarray(keep))
  }

  /** Call once, after the last byte. */
  end(): void {
    if (!this.#spent && this.#rest.length > 1) this.#line(this.#rest.toString('latin1', 1))
    if (this.#header) this.#read(this.#header)
  }

  /** `line`: without its LF. */
  #line(line: string): void {
    if (line.startsWith('--') && this.#isBoundary(line)) {
      if (this.#header) this.#read(this.#header)
      this.#isInner = this.#isEncoded = false
      return this.#begin()
    }
    // Also where a header is read: a part without one may be no digest's.
    if (line.startsWith('begin') && !this.#isPassing) {
      if (!this.#take(FILE_STEPS)) return undefined
      for (const one of this.#asSent([line]) ?? []) this.#add(begunFiles(one))
      this.#add(begunFiles(line))
    }
    if (!this.#header) return undefined
    if (line === '' || line === '\r') return this.#read(this.#header)
    const before = this.#length
    this.#length += line.length + 1
    if (this.#length <= MAX_HEADER) this.#header.push(line)
    else if (before <= MAX_HEADER && this.#isAssumed && !hasField(this.#header)) this.#leave()
    else if (this.#take(LINE_STEPS)) this.#unread('header')
    return undefined
  }

  #isBoundary(line: string): boolean {
    if (!this.#take(LINE_STEPS + this.#markers.size * MARKER_STEPS)) return false
    // Some readers take a line for a boundary that only begins like one.
    for (const marker of this.#markers) if (line.startsWith(marker)) return true
    return false
  }

  #leave(): void {
    this.#header = undefined
    this.#length = 0
  }

  #begin(): void {
    this.#leave()
    this.#isAssumed = false
    if (this.#parts++ >= MAX_PARTS) this.#unread('too-many-parts')
    else this.#header = []
  }

  #read(lines: readonly string[]): void {
    const length = this.#length
    this.#leave()
    const ways = [lines, this.#asSent(lines)].filter(one => one !== undefined)
    const found = ways.map(one => this.#readAs(one, length))
    if (this.#spent) return
    const isMessage = found.includes('message')
    if (!isMessage && (lines.length > 0 || this.#isInner)) return
    // The header of the message in it follows.
    this.#isInner = true
    this.#begin()
    this.#isAssumed = !isMessage
  }

  /** Undefined when each of them is sent as it is. */
  #asSent(lines: readonly string[]): readonly string[] | undefined {
    const way = this.#folds
    if (way === 'never') return undefined
    const sent = lines.flatMap(line => linesAsSent(line, way))
    return sent.length === lines.length ? undefined : sent
  }

  #readAs(lines: readonly string[], length: number): 'message' | undefined {
    const header = parsed(lines)
    const fields = partFields(header.fields)
    if (!this.#take(length + fields.size * PARAMETER_STEPS)) return undefined
    if (header.unsure) this.#unread('header')
    const { names, tooMany, foreign } = partNames(fields, this.#budget)
    if (tooMany) this.#unread('header')
    if (foreign) this.#unread('character-set')
    this.#add(names)
    const types = mediaTypes(fields.types, '')
    const isMessage = types.some(type => type.startsWith('message/'))
    const isMultipart = types.some(type => type.startsWith('multipart/'))
    this.#addBoundariesOf(fields, isMultipart)
    const isHolding = isMessage || isMultipart
    // RFC 2045 §6.4 and RFC 2046 §5.2.1 forbid it; nothing is decoded here, so the names in it are not seen.
    if (isHolding && transferEncodings(fields.encodings).some(one => one !== 'none')) {
      this.#isEncoded = true
      this.#unread('header')
    }
    return isMessage ? 'message' : undefined
  }

  #unread(what: Unreadable): void {
    if (!this.#isPassing) this.#unreadable.add(what)
  }

  #add(names: readonly string[]): void {
    if (this.#isPassing) return
    for (const name of names)
      if (this.#names.size < MAX_NAMES) this.#names.add(name)
      else this.#unread('too-many-names')
  }

  /** Of a multipart without one each line with two dashes is one, for some. */
  #addBoundariesOf({ types }: PartFields, isMultipart: boolean): void {
    const { values, tooMany, foreign } = parameters(types, 'boundary', this.#budget)
    if (tooMany) this.#unread('header')
    if (foreign) this.#unread('character-set')
    this.#addBoundaries([...values].map(value => value.trimEnd()))
    if (isMultipart && values.size === 0) this.#addBoundaries([''])
  }

  #addBoundaries(boundaries: Iterable<string>): void {
    for (const boundary of boundaries)
      if (this.#markers.size < MAX_BOUNDARIES)
        this.#markers.add(comparedOf(boundary).toString('latin1'))
      else this.#unreadable.add('header')
  }

  #take(steps: number): boolean {
    if (this.#budget.take(steps)) return true
    this.#unreadable.add('too-much-work')
    this.#spent = true
    return false
  }
}

const parsed = (lines: readonly string[]) =>
  parseHeader(Buffer.from(`${lines.join('\n')}\n\n`, 'latin1'))

const hasField = (lines: readonly string[]) => parsed(lines).fields.length > 0
