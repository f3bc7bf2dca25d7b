// Takes out of a message on its way in what only Cordon may say: Authentication-Results that bear our name (RFC 8601 §5), Received-SPF in
// our name or without a name (RFC 7208 §9.1), and Return-Path, which the last server writes (RFC 5321 §4.4; Postfix drops it, too); of a
// submission Return-Path, and Bcc, which no recipient may read (RFC 5322 §3.6.3; Postfix's message_drop_headers).
// Streams: at most one field of the header is kept back. What was taken out is remembered, because a signature may cover it.

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
/** A field longer than this is passed on as it comes, or, if it is one of those, dropped as it comes. */
const MAX_FIELD = 64 * 1024
/** More of a line than this is not waited for: RFC 5322 §2.1.1 allows 998. */
const MAX_LINE = 4096
const NOTHING = new Uint8Array(0)

const NAMES = [
  'authentication-results',
  'received-spf',
  'return-path',
  'bcc',
  'resent-bcc',
] as const
type Name = (typeof NAMES)[number]

/** One of the fields of this name that were taken out: the first is 1. */
export type Occurrence = { readonly name: Name; readonly which: number }

/** Bytes that stood at this place of what was passed on. */
export type Removed = { readonly at: number; readonly bytes: Uint8Array }

export class ForgedResults {
  readonly #ours: string | undefined
  /** The beginning of a line whose end has not come yet. */
  #begun: Uint8Array[] = []
  #begunSize = 0
  #atLineStart = true
  #field: Uint8Array[] = []
  #kept = 0
  /** The field is too long to be judged whole; this is what becomes of the rest of it. */
  #rest: 'pass' | 'drop' | undefined
  #long: Name | undefined
  #inBody = false
  #out: Uint8Array[] = []
  #passed = 0
  readonly #seen = new Map<Name, number>()
  /** The bytes that were taken out, in order. */
  readonly removed: Removed[] = []
  /** The fields that were taken out, in order. */
  readonly occurrences: Occurrence[] = []

  /** Without `ourName` the message is a submission: then Return-Path and Bcc alone are taken out. */
  constructor(ourName: string | undefined) {
    this.#ours = ourName?.toLowerCase()
  }

  /** Returns the bytes of this chunk, and of earlier ones, that may be passed on. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#inBody) return chunk
    let at = 0
    while (at < chunk.length && !this.#inBody) {
      const newline = chunk.indexOf(LF, at)
      const end = newline < 0 ? chunk.length : behindFolds(chunk, newline + 1)
      const part = chunk.subarray(at, end)
      at = end
      if (newline < 0 && this.#begunSize + part.length < MAX_LINE) {
        this.#begun.push(part.slice())
        this.#begunSize += part.length
      } else this.#take(this.#withBegun(part))
    }
    this.#pass(chunk.subarray(at))
    return this.#given()
  }

  /** Call after the last chunk. */
  end(): Uint8Array {
    if (this.#begunSize > 0) this.#take(this.#withBegun(NOTHING))
    if (!this.#inBody) this.#close()
    return this.#given()
  }

  #withBegun(part: Uint8Array): Uint8Array {
    if (this.#begunSize === 0) return part
    const line = Buffer.concat([...this.#begun, part])
    this.#begun = []
    this.#begunSize = 0
    return line
  }

  /** A line, with whole lines that continue it, or a part of a line that is far too long. */
  #take(bytes: Uint8Array): void {
    if (this.#atLineStart) {
      const first = bytes[0]
      this.#inBody = first === LF || (first === CR && bytes[1] === LF)
      if (this.#inBody || (first !== SPACE && first !== TAB)) this.#close()
      if (this.#inBody) return this.#pass(bytes)
    }
    this.#atLineStart = bytes[bytes.length - 1] === LF
    if (this.#rest === 'drop') return undefined
    if (this.#rest === 'pass') return this.#pass(bytes)
    this.#field.push(bytes.slice())
    this.#kept += bytes.length
    if (this.#kept >= MAX_FIELD) {
      const name = nameOf(this.#text())
      this.#long = name !== undefined && isAsked(name, this.#ours) ? name : undefined
      this.#rest = this.#long ? 'drop' : 'pass'
      if (this.#rest === 'pass') this.#passField()
    }
    return undefined
  }

  /** The field is complete: passes it on, or takes it out when it is one of ours. */
  #close(): void {
    // Most fields are something else, and their first letter shows it.
    const first = this.#field[0]?.[0] ?? 0
    const text = this.#rest === undefined && LETTERS.has(first) ? this.#text() : ''
    const name = this.#long ?? nameOf(text)
    const which = name === undefined ? 0 : (this.#seen.get(name) ?? 0) + 1
    if (name !== undefined) this.#seen.set(name, which)
    if (name !== undefined && (this.#rest === 'drop' || isForged(name, text, this.#ours))) {
      this.occurrences.push({ name, which })
      this.removed.push({ at: this.#passed, bytes: Buffer.concat(this.#field) })
      this.#field = []
    } else this.#passField()
    this.#kept = 0
    this.#rest = undefined
    this.#long = undefined
  }

  #passField(): void {
    for (const part of this.#field) this.#pass(part)
    this.#field = []
  }

  #pass(bytes: Uint8Array): void {
    this.#passed += bytes.length
    if (bytes.length > 0) this.#out.push(bytes)
  }

  #given(): Uint8Array {
    const out = this.#out
    this.#out = []
    return out.length === 1 ? (out[0] as Uint8Array) : Buffer.concat(out)
  }

  #text(): string {
    return Buffer.concat(this.#field).toString('latin1')
  }
}

/** Where a line begins that is no continuation, or one whose end has not come. */
function behindFolds(chunk: Uint8Array, from: number): number {
  let begin = from
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at]
    if (at === begin && byte !== SPACE && byte !== TAB) break
    if (byte === LF) begin = at + 1
  }
  return begin
}

const LETTERS: ReadonlySet<number> = new Set(Buffer.from('aAbBrR'))

function nameOf(field: string): Name | undefined {
  return NAMES.find(
    name =>
      field.slice(0, name.length).toLowerCase() === name &&
      /^[ \t\r\n]*:/.test(field.slice(name.length)),
  )
}

/** Of a submission other fields are taken out than of mail from outside. */
const isAsked = (name: Name, ours: string | undefined): boolean =>
  name === 'return-path' || (ours === undefined) === (name === 'bcc' || name === 'resent-bcc')

function isForged(name: Name, field: string, ours: string | undefined): boolean {
  if (!isAsked(name, ours)) return false
  if (ours === undefined || name === 'return-path') return true
  const value = field.slice(field.indexOf(':') + 1)
  return name === 'received-spf' ? isOurCheck(value, ours) : bears(value, ours)
}

/** The name of the server that checked stands in `receiver`, or in the comment; without either a reader takes it for our check. */
function isOurCheck(value: string, ours: string): boolean {
  return bare(value).includes(ours) || !/[(]|receiver[ \t\r\n]*=/i.test(value)
}

/**
 * RFC 8601 §2.2: our name stands before the first semicolon, perhaps quoted, folded, or between comments; and what stands in quotes is
 * no comment. Where readers may differ, what any of them takes for our name is.
 */
function bears(value: string, ours: string): boolean {
  return readings(value).some(text =>
    bare(withoutComments(text).split(';', 1)[0] as string).includes(ours),
  )
}

/** For some a quoted parenthesis begins a comment. */
const readings = (value: string): readonly string[] =>
  value.includes('"')
    ? [value, value.replaceAll(/["\\]/g, ''), value.replaceAll(/"[^"]*"/g, withoutMarks)]
    : [value]

const withoutMarks = (quoted: string): string => quoted.replaceAll(/[();]/g, '')

/** As some reader may put it together: without space, quotes, and bytes that are not printed. */
const bare = (text: string): string => text.replaceAll(/[^!-~]|["\\]/g, '').toLowerCase()

/** RFC 5322 §3.2.2: comments nest. */
function withoutComments(value: string): string {
  let depth = 0
  let plain = ''
  for (let i = 0; i < value.length; i++) {
    const letter = value[i] as string
    if (letter === '\\' && depth > 0) i++
    else if (letter === '(') depth++
    else if (letter === ')' && depth > 0) depth--
    else if (depth === 0) plain += letter
  }
  // One that is never closed hides nothing.
  return depth > 0 ? value : plain
}

/** Small pieces are put together up to this size (bytes): their reader does some work for each piece. */
const TOGETHER = 64 * 1024

/** The message as it came: what was taken out, back in its place. */
export async function* asItCame(
  passed: AsyncIterable<Uint8Array>,
  removed: readonly Removed[],
): AsyncIterable<Uint8Array> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const piece of inPlace(passed, removed)) {
    waiting.push(piece)
    size += piece.length
    if (size < TOGETHER) continue
    yield waiting.length === 1 ? piece : Buffer.concat(waiting)
    waiting = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(waiting)
}

async function* inPlace(
  passed: AsyncIterable<Uint8Array>,
  removed: readonly Removed[],
): AsyncIterable<Uint8Array> {
  let at = 0
  let next = 0
  for await (const chunk of passed) {
    let from = 0
    for (; next < removed.length; next++) {
      const { at: place, bytes } = removed[next] as Removed
      if (place > at + chunk.length) break
      yield chunk.subarray(from, place - at)
      yield bytes
      from = place - at
    }
    yield chunk.subarray(from)
    at += chunk.length
  }
  for (; next < removed.length; next++) yield (removed[next] as Removed).bytes
}
