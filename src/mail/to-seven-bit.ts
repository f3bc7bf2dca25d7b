// Turns a message with octets above 127 into one of ASCII, for a server without 8BITMIME (RFC 6152 §3): text becomes quoted-printable,
// everything else base64. Streams; of a message at most the header of one part is kept, and a line of 64 KiB. What is signed must not
// be touched, so that such a message is not converted at all.

import { type Field, fieldValue, parseHeader } from './header.ts'
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
  #boundaries: string[] = []
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
        return void this.#out.push(quotedPrintable(line))
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
    const { fields } = parseHeader(raw)
    const type = fieldValue(fields, 'content-type') ?? ''
    const encoding = (fieldValue(fields, 'content-transfer-encoding') ?? '7bit')
      .trim()
      .toLowerCase()
    if (this.#isTop && fields.some(({ name }) => SIGNATURES.has(name))) this.why ??= SIGNED
    if (/^multipart\/(?:signed|encrypted)\b/i.test(type)) this.why ??= SIGNED
    const isIdentity = IDENTITY.has(encoding)
    const boundary = /^multipart\//i.test(type) ? this.#boundaryOf(fields) : undefined
    if (boundary !== undefined) {
      this.#boundaries.push(`--${boundary}`)
      if (this.#boundaries.length > MAX_DEPTH) this.why ??= 'its parts are too deep in one another'
    }
    const isComposite = boundary !== undefined || /^message\/rfc822\b/i.test(type)
    const isLeaf = !isComposite && isIdentity && !/^(?:message|multipart)\//i.test(type)
    this.#mode = isLeaf ? (/^(?:text\/|$)/i.test(type) ? 'quoted-printable' : 'base64') : 'as-is'
    const says = isLeaf ? this.#mode : isComposite && isIdentity ? '7bit' : undefined
    this.#out.push(
      says === undefined ? raw : encodedAs(raw, says, this.#isTop ? fieldsMissing(fields) : ''),
    )
    this.#isTop = false
    if (/^message\/rfc822\b/i.test(type) && isIdentity) this.#mode = 'header'
  }

  /** What readers take for different things is not touched: what was judged is what goes out. */
  #boundaryOf(fields: readonly Field[]): string | undefined {
    const { types } = partFields(fields)
    const { values } = parameters(types, 'boundary', new ReadingBudget())
    if (types.length > 1 || values.size > 1)
      this.why ??= 'not all programs find the same parts in it'
    const [boundary] = values
    return boundary
  }

  /** True when it is the line between two parts, or behind the last one. */
  #boundary(line: Buffer): boolean {
    const text = line.toString('latin1').trimEnd()
    for (let i = this.#boundaries.length - 1; i >= 0; i--) {
      const mark = this.#boundaries[i] as string
      if (text !== mark && text !== `${mark}--`) continue
      if (this.#mode === 'header') this.#endHeader()
      this.#endBase64({ isAll: false })
      const isLast = text !== mark
      this.#boundaries.length = isLast ? i : i + 1
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

const SIGNED = 'it is signed, and a signature would not survive it'
const SIGNATURES = new Set(['dkim-signature', 'arc-message-signature'])
const IDENTITY = new Set(['7bit', '8bit', 'binary', ''])
const CR = 0x0d
const DASH = 0x2d

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

function quotedPrintable(line: Buffer): Uint8Array {
  const ends = line.at(-1) === LF
  const bare = ends ? line.subarray(0, line.at(-2) === CR ? -2 : -1) : line
  let out = ''
  let width = 0
  for (const [i, byte] of bare.entries()) {
    const isSpace = byte === 0x20 || byte === 0x09
    const isPlain = (byte > 0x20 && byte < 0x7f && byte !== EQUALS) || isSpace
    const asIs = isPlain && !(isSpace && i === bare.length - 1)
    const letter = asIs
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
    if (width + letter.length > MAX_QUOTED) {
      out += '=\r\n'
      width = 0
    }
    out += letter
    width += letter.length
  }
  return Buffer.from(`${out}${ends ? '\r\n' : '=\r\n'}`)
}
const EQUALS = 0x3d
