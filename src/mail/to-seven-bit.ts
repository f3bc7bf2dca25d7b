// Turns a message with octets above 127 into one of ASCII, for a server without 8BITMIME (RFC 6152 §3): text becomes quoted-printable,
// everything else base64. Streams; of a message at most the header of one part is kept, and a line of 64 KiB. What is signed must not
// be touched, so that such a message is not converted at all; nor one whose parts not all programs find in the same places. What was
// judged is what goes out: no line that was none before begins as a boundary, a field or a file.

import { type Field, fieldValue, parseHeader } from './header.ts'
import { STORED } from './header-end.ts'
import { parameters } from './mime/parameters.ts'
import { partFields } from './mime/part-fields.ts'
import { ReadingBudget } from './reading-budget.ts'
import { isSevenBit } from './seven-bit.ts'

/** Why it cannot be done, or how large it will be. */
export type Conversion = { readonly why: string } | { readonly size: number }

/** Behind the header of the message: that may have octets above 127 all the same, and goes on with them, as Postfix does it. */
export async function hasAsciiBody(body: AsyncIterable<Uint8Array>): Promise<boolean> {
  let isBehind = false
  /** The end of what came before: the empty line may begin in it. */
  let before: Buffer = Buffer.alloc(0)
  for await (const bytes of body) {
    let rest: Uint8Array = bytes
    if (!isBehind) {
      const all = Buffer.concat([before, bytes])
      const at = all.indexOf('\r\n\r\n')
      before = Buffer.from(all.subarray(-3))
      if (at < 0) continue
      isBehind = true
      rest = all.subarray(at)
    }
    if (!isSevenBit(rest)) return false
  }
  return true
}

/** Reads all of it and keeps nothing. */
export async function conversionOf(body: AsyncIterable<Uint8Array>): Promise<Conversion> {
  const converter = new Converter()
  let size = 0
  for await (const bytes of converted(body, converter)) {
    size += bytes.length
    if (converter.why !== undefined) break
  }
  return converter.why === undefined ? { size } : { why: converter.why }
}

/** Of a message of which `conversionOf` said its size. */
export async function* converted(
  body: AsyncIterable<Uint8Array>,
  converter = new Converter(),
): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    const bytes = converter.push(chunk)
    if (bytes.length > 0) yield bytes
  }
  yield converter.end()
}

const LF = 0x0a
const CRLF = Buffer.from('\r\n')
/** Of a line; a longer one is dealt with in pieces. */
const MAX_LINE = 64 * 1024
const MAX_PART_HEADER = 512 * 1024
const MAX_DEPTH = 50
/** RFC 2045 §6.8: 57 bytes are a line of 76 letters. */
const BASE64_LINE = 57

/** What the bytes of the present part become. */
type Mode = 'header' | 'as-is' | 'quoted-printable' | 'base64'

class Converter {
  why: string | undefined
  #mode: Mode = 'header'
  #isTop = true
  #header: Buffer[] = []
  #headerSize = 0
  /** Outermost first. */
  #multiparts: Multipart[] = []
  /** The beginning of a line. */
  #begun: Buffer = Buffer.alloc(0)
  #atLineStart = true
  #base64: Buffer = Buffer.alloc(0)
  /** A line end that belongs to the boundary, if one follows. */
  #heldEnd = false
  #out: Uint8Array[] = []

  push(chunk: Uint8Array): Uint8Array {
    let rest: Buffer = Buffer.concat([this.#begun, chunk])
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      this.#line(rest.subarray(0, end + 1))
      rest = rest.subarray(end + 1)
    }
    while (rest.length > MAX_LINE) {
      this.#line(rest.subarray(0, MAX_LINE))
      rest = rest.subarray(MAX_LINE)
    }
    this.#begun = Buffer.from(rest)
    return this.#given()
  }

  end(): Uint8Array {
    if (this.#begun.length > 0) this.#line(this.#begun)
    if (this.#mode === 'header') this.#endHeader()
    this.#endBase64({ isAll: true })
    return this.#given()
  }

  #given(): Uint8Array {
    const out = Buffer.concat(this.#out)
    this.#out = []
    return out
  }

  /** A line with its end, or a piece of one. */
  #line(line: Buffer): void {
    const isStart = this.#atLineStart
    this.#atLineStart = line.at(-1) === LF
    if (isStart && line[0] === DASH && line[1] === DASH && this.#boundary(line)) return
    switch (this.#mode) {
      case 'header':
        return this.#headerLine(line)
      case 'quoted-printable':
        return void this.#out.push(quotedPrintable(line, isStart))
      case 'base64':
        return this.#addBase64(line)
      case 'as-is':
        if (!isSevenBit(line)) this.why ??= 'it has 8-bit characters where none can be encoded'
        return void this.#out.push(line)
      default:
        return this.#mode satisfies never
    }
  }

  #headerLine(line: Buffer): void {
    this.#header.push(Buffer.from(line))
    this.#headerSize += line.length
    if (this.#headerSize > MAX_PART_HEADER) this.why ??= 'the header of a part is too large'
    if (line.length <= 2 && line.at(-1) === LF) this.#endHeader()
  }

  /** The header of a part is complete: what becomes of its body, and what it then has to say. */
  #endHeader(): void {
    const raw = Buffer.concat(this.#header)
    this.#header = []
    this.#headerSize = 0
    const { fields, unsure, elsewhere, body } = parseHeader(raw, STORED)
    // For some the body begins elsewhere, and does not say its encoding.
    if (unsure || elsewhere !== undefined || body < raw.length) this.why ??= AMBIGUOUS
    if (this.#isTop && fields.some(({ name }) => SIGNATURES.has(name))) this.why ??= SIGNED
    const isTop = this.#isTop
    this.#isTop = false
    const type = this.#typeOf(fields)
    if (SIGNED_TYPE.test(type)) this.why ??= SIGNED
    const says = this.#begin(type, fields)
    if (says === undefined) return void this.#out.push(raw)
    const encoded = encodedAs(raw, says, isTop ? fieldsMissing(fields) : '')
    if (!isSaid(encoded, says)) this.why ??= AMBIGUOUS
    this.#out.push(encoded)
  }

  /** RFC 2046 §5.1.5: a part of a digest is a message. */
  #typeOf(fields: readonly Field[]): string {
    const types = fields.filter(({ name }) => name === 'content-type')
    if (types.length > 1) this.why ??= AMBIGUOUS
    const usual = this.#multiparts.at(-1)?.isDigest ? 'message/rfc822' : ''
    return types[0]?.value.trim() ?? usual
  }

  /** What the body becomes; undefined when it stays what it says. */
  #begin(type: string, fields: readonly Field[]): string | undefined {
    const encoding = (fieldValue(fields, 'content-transfer-encoding') ?? '7bit')
      .trim()
      .toLowerCase()
    const isIdentity = IDENTITY.has(encoding)
    const isMultipart = /^multipart\//i.test(type)
    const isMessage = /^message\/rfc822\b/i.test(type)
    if (isMultipart) this.#beginMultipart(type, fields)
    const isLeaf = isIdentity && !/^(?:message|multipart)\//i.test(type)
    this.#mode = isLeaf ? (/^(?:text\/|$)/i.test(type) ? 'quoted-printable' : 'base64') : 'as-is'
    if (isMessage && isIdentity) this.#mode = 'header'
    if (isLeaf) return this.#mode
    return (isMultipart || isMessage) && isIdentity ? '7bit' : undefined
  }

  /** What readers take for different things is not touched: what was judged is what goes out. */
  #beginMultipart(type: string, fields: readonly Field[]): void {
    const { types } = partFields(fields)
    const { values, tooMany, doubtful } = parameters(types, 'boundary', new ReadingBudget())
    const [boundary = ''] = values
    const mark = `--${boundary}`
    const isPlain = values.size === 1 && PLAIN_BOUNDARY.test(boundary) && !tooMany && !doubtful
    // A line may belong to either of two that are alike.
    if (!isPlain || this.#multiparts.some(outer => outer.mark === mark)) this.why ??= AMBIGUOUS
    this.#multiparts.push({ mark, isDigest: /^multipart\/digest\b/i.test(type) })
    if (this.#multiparts.length > MAX_DEPTH) this.why ??= 'its parts are too deep in one another'
  }

  /** True when it is the line between two parts, or behind the last one: with nothing but space behind it (RFC 2046 §5.1.1). */
  #boundary(line: Buffer): boolean {
    const text = line.toString('latin1', 0, blankFrom(line))
    for (let i = this.#multiparts.length - 1; i >= 0; i--) {
      const { mark } = this.#multiparts[i] as Multipart
      if (text !== mark && text !== `${mark}--`) continue
      if (this.#mode === 'header') this.#endHeader()
      this.#endBase64({ isAll: false })
      const isLast = text !== mark
      this.#multiparts.length = isLast ? i : i + 1
      this.#mode = isLast ? 'as-is' : 'header'
      this.#out.push(line)
      return true
    }
    return false
  }

  #addBase64(line: Buffer): void {
    const ends = line.at(-1) === LF
    const bare = ends ? line.subarray(0, line.at(-2) === CR ? -2 : -1) : line
    const all = Buffer.concat([this.#base64, this.#heldEnd ? CRLF : Buffer.alloc(0), bare])
    this.#heldEnd = ends
    const whole = all.length - (all.length % BASE64_LINE)
    this.#encode(all.subarray(0, whole))
    this.#base64 = Buffer.from(all.subarray(whole))
  }

  /** `isAll`: no boundary follows, so that the last line end is content. */
  #endBase64({ isAll }: { readonly isAll: boolean }): void {
    const rest = this.#heldEnd && isAll ? Buffer.concat([this.#base64, CRLF]) : this.#base64
    this.#encode(rest)
    this.#base64 = Buffer.alloc(0)
    this.#heldEnd = false
  }

  #encode(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += BASE64_LINE)
      this.#out.push(Buffer.from(`${bytes.toString('base64', at, at + BASE64_LINE)}\r\n`))
  }
}

/** Where the space, tabs and line end at its end begin. */
function blankFrom(line: Buffer): number {
  let end = line.length
  while (end > 0 && BLANK.has(line[end - 1] as number)) end--
  return end
}
const BLANK: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'))

type Multipart = { readonly mark: string; readonly isDigest: boolean }

const AMBIGUOUS = 'not all programs find the same parts in it'
const SIGNED = 'it is signed, and a signature would not survive it'
const SIGNED_TYPE = /^multipart\/(?:signed|encrypted)\b/i
/** Of as many letters as RFC 2046 §5.1.1 allows, and of more signs. */
const PLAIN_BOUNDARY = /^[ -~]{0,69}[!-~]$/
const SIGNATURES = new Set(['dkim-signature', 'arc-message-signature'])
const IDENTITY = new Set(['7bit', '8bit', 'binary', ''])
const CR = 0x0d
const DASH = 0x2d

/** Every program finds this encoding in the header, and no other. */
function isSaid(raw: Buffer, encoding: string): boolean {
  const { fields } = parseHeader(raw, STORED)
  const said = fields.filter(({ name }) => name === 'content-transfer-encoding')
  return said.length === 1 && said[0]?.value.trim() === encoding
}

/** What makes MIME of a message that is none (RFC 1428 §3). */
const fieldsMissing = (fields: readonly { readonly name: string }[]): string => {
  const has = (wanted: string) => fields.some(({ name }) => name === wanted)
  return [
    has('mime-version') ? '' : 'MIME-Version: 1.0\r\n',
    has('content-type') ? '' : 'Content-Type: text/plain; charset=unknown-8bit\r\n',
  ].join('')
}

/** The same header with this encoding in it instead of another. */
function encodedAs(raw: Buffer, encoding: string, more: string): Buffer {
  const text = raw.toString('latin1')
  const empty = /(?:^|\n)(\r?\n)$/.exec(text)?.[1] ?? ''
  const kept = text
    .slice(0, text.length - empty.length)
    .split(/(?<=\n)(?![ \t])/)
    .filter(field => !/^content-transfer-encoding[ \t]*:/i.test(field))
    .join('')
  const line = `Content-Transfer-Encoding: ${encoding}\r\n`
  return Buffer.from(`${kept}${more}${line}${empty}`, 'latin1')
}

/** RFC 2045 §6.7: at most 76 letters, with the `=` of a line that goes on. */
const MAX_QUOTED = 75

/**
 * `isStart`: it is not the rest of a line. What stands first in a line that was none before is encoded: a program that reads the lines as they
 * are finds no boundary, no field, no fold and no file in them; nor where a line looks like a boundary, or like the first of a file.
 */
function quotedPrintable(line: Buffer, isStart: boolean): Uint8Array {
  const ends = line.at(-1) === LF
  const bare = ends ? line.subarray(0, line.at(-2) === CR ? -2 : -1) : line
  let out = ''
  let width = 0
  let isHidden = !isStart || TELLING.test(bare.toString('latin1', 0, 6))
  for (const [i, byte] of bare.entries()) {
    const asIs = isPlain(byte) && !isHidden && !(isSpace(byte) && i === bare.length - 1)
    const letter = asIs ? String.fromCharCode(byte) : escaped(byte)
    if (width + letter.length > MAX_QUOTED) {
      out += `=\r\n${escaped(byte)}`
      width = 3
    } else {
      out += letter
      width += letter.length
    }
    isHidden = false
  }
  return Buffer.from(`${out}${ends ? '\r\n' : '=\r\n'}`)
}
const EQUALS = 0x3d
/** A boundary, or a file in uuencode. */
const TELLING = /^(?:--|begin)/i

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09
const isPlain = (byte: number): boolean =>
  (byte > 0x20 && byte < 0x7f && byte !== EQUALS) || isSpace(byte)
const escaped = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
