// The header of a message: fields, unfolded, in order (RFC 5322 §2.2). Tolerant reading, strict bounds.

import { MAX_FIELDS, MAX_HEADER } from './header-end.ts'

/**
 * Headers of messages have been ended before (header-end.ts); those of their parts have not. Text in which no reader finds a field is body,
 * also without the empty line of RFC 2046 §5.1.
 */
export type Header = {
  readonly fields: readonly Field[]
  /** Offset of the body, after the empty line. */
  readonly body: number
  /** Mail programs read this header differently: it is over a limit of size or number, or has a line that is no field. */
  readonly unsure?: true
  /** Offset at which the body begins for some readers: at the line that is no field, or behind the first empty line of text without fields. */
  readonly elsewhere?: number
  /** The number of fields that stand before `elsewhere`. */
  readonly before?: number
}
/** `folds`: where in the value a line ended, in order. */
export type Field = {
  readonly name: string
  readonly value: string
  readonly folds?: readonly number[]
}

type FieldText = { name: string; value: string; folds?: number[] }

const AS_RECEIVED = { fields: MAX_FIELDS, bytes: MAX_HEADER } as const

const FIELD = /^[!-9;-~]+[ \t]*:/

/**
 * Splits the raw bytes of a message (or of a MIME part) into its fields and the offset where the body begins.
 * Bytes become characters one to one; field names come out in lower case. What is no field is stepped over. `most`: `STORED` for a
 * message that has, or may have, fields of ours in front.
 */
export function parseHeader(
  raw: Buffer,
  most: { readonly fields: number; readonly bytes: number } = AS_RECEIVED,
): Header {
  const fields: FieldText[] = []
  let last: FieldText | undefined
  let stray: number | undefined
  let before = 0
  let isDoubtful = false
  const lines = new Lines(raw)
  let at = 0
  while (at < raw.length && at < most.bytes) {
    const line = lines.at(at)
    const { next } = lines
    if (line === '') {
      const isText = stray !== undefined && fields.length === 0 && !isDoubtful
      return isText
        ? { fields, body: stray ?? next, elsewhere: next }
        : headerOf(fields, next, stray === undefined ? undefined : { stray, before })
    }
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
      last.folds ??= []
      last.folds.push(last.value.length)
      last.value += ` ${trimmed(line)}`
    } else if (FIELD.test(line) || isIndented(line)) {
      const field = isIndented(line) ? trimmed(line) : line
      const colon = field.indexOf(':')
      last = {
        name: field.slice(0, colon).trimEnd().toLowerCase(),
        value: trimmed(field.slice(colon + 1)),
      }
      if (fields.length === most.fields) return { fields, body: stray ?? at, unsure: true }
      fields.push(last)
      // With a space before its name or its colon it is none for some readers, and ends the header.
      if (stray === undefined && line[last.name.length] !== ':') {
        stray = at
        before = fields.length - 1
      }
      isDoubtful = stray !== undefined
    } else {
      last = undefined
      if (stray === undefined) before = fields.length
      stray ??= at
      isDoubtful ||= mayBeField(line)
    }
    at = next
  }
  // Without an empty line everything from the first line that is no field on is body.
  const body = Math.min(stray ?? at, raw.length)
  return { fields, body, ...(isDoubtful || at < raw.length ? { unsure: true } : {}) }
}

/** A header is short, as a rule; text is made of so much of it at once, and of twice as much when a line does not end in it. */
const BLOCK = 512

/** Lines without their ends, one character a byte. */
class Lines {
  /** Offset of the next line. */
  next = 0
  readonly #raw: Buffer
  #block = ''
  /** The block is the bytes from `#from` to `#to`. */
  #from = 0
  #to = 0

  constructor(raw: Buffer) {
    this.#raw = raw
  }

  /** The line that begins there, behind the one that was asked for before. */
  at(at: number): string {
    let end = this.#to > at ? this.#block.indexOf('\n', at - this.#from) : -1
    for (let size = BLOCK; end < 0 && (this.#to < this.#raw.length || this.#to <= at); size *= 2) {
      this.#from = at
      this.#to = Math.min(this.#raw.length, at + size)
      this.#block = this.#raw.toString('latin1', at, this.#to)
      end = this.#block.indexOf('\n')
    }
    const stop = end < 0 ? this.#to - this.#from : end
    this.next = this.#from + (end < 0 ? stop : end + 1)
    const isPair = stop > at - this.#from && this.#block[stop - 1] === '\r'
    return this.#block.slice(at - this.#from, isPair ? stop - 1 : stop)
  }
}

/** A field with a space before its name: some take it for one. */
const isIndented = (line: string): boolean =>
  (line.startsWith(' ') || line.startsWith('\t')) && FIELD.test(trimmed(line))

/** Whether a line that is no field could be read as one: by a tolerant reader, or by one that ends lines at another control character. */
const mayBeField = (line: string): boolean =>
  /[^!-~ \t][ \t]*(?::|[!-9;-~]+[ \t]*:)/.test(`\n${line}`)

/** Space of RFC 5322 only: a byte of a letter in UTF-8 may look like another space, alone. */
export function trimmed(text: string): string {
  const isSpace = (at: number) => text[at] === ' ' || text[at] === '\t'
  let from = 0
  let to = text.length
  while (from < to && isSpace(from)) from++
  while (to > from && isSpace(to - 1)) to--
  return text.slice(from, to)
}

const headerOf = (
  fields: readonly Field[],
  body: number,
  ended?: { readonly stray: number; readonly before: number },
): Header =>
  ended
    ? { fields, body, elsewhere: ended.stray, before: ended.before, unsure: true }
    : { fields, body }

export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  return fields.find(field => field.name === name)?.value
}
