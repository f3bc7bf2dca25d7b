// Where the value of a parameter ends: at its closing quote, at a semicolon, at a space, at the end of the field. Readers differ where a
// quote does not close, where something stands behind it, where a backslash stands before it, and where there is none.

import { Marks, placesOf, type Signs, signs } from './marks.ts'

/**
 * So much of a value is kept, from its end: there the extension of a name stands. No honest value is longer: a name of 255 bytes takes
 * 765 in percents, and less than a thousand in encoded words.
 */
const MAX_VALUE = 2048
/** So much of the name of a character set is kept: none that is known is longer. */
const MAX_CHARSET = 60
/** Semicolons that some reader takes for a part of the value. */
const MAX_SEMICOLONS = 3

const QUOTE = signs(/"/)
const SEMICOLON = signs(/;/)
/** What is not only put behind a name so that it is cut off. */
const COUNTING = signs(/[^\s.>?/\\]/)
/** What ends a token. */
const SPACE = signs(/[\s\p{Cc}"(]/u)
const SEEN = signs(/[^\s\p{Cc}]/u)
const APOSTROPHE = signs(/'/)
/** What may not stand in a token (RFC 2045 §5.1). */
const SPECIAL = signs(/[\s()*<>@,;:\\"/[\]?=]/)
/** And in one that has no character set of its own (RFC 2231 §7). */
const PLAIN_SPECIAL = signs(/[\s()*'%<>@,;:\\"/[\]?=]/)

export class ValueEnds {
  /** What stands at the end of all was given for a place before. */
  #isTailGiven = false
  #isCut = false
  #looked = 0
  readonly #text: string
  readonly #found = new Map<Signs, Marks>()
  #unescaped: Marks | undefined

  /** One character a byte. */
  constructor(text: string) {
    this.#text = text
  }

  /** The beginning of a value was not kept: a boundary, or a name that ends in the middle of it for some, may have stood there. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Bytes of all values so far, also of those that came out shorter, or twice. */
  get looked(): number {
    return this.#looked
  }

  /** The marks of these signs, found at the first call: most are never needed. */
  #marks(wanted: Signs): Marks {
    const found =
      this.#found.get(wanted) ?? new Marks(placesOf(this.#text, wanted), this.#text.length)
    this.#found.set(wanted, found)
    return found
  }

  get #quotes(): Marks {
    return this.#marks(QUOTE)
  }

  /** Quotes before which no backslash stands, or two. */
  get #closing(): Marks {
    const text = this.#text
    this.#unescaped ??= new Marks(
      placesOf(text, QUOTE).filter(at => !isEscaped(text, at)),
      text.length,
    )
    return this.#unescaped
  }

  get #semicolons(): Marks {
    return this.#marks(SEMICOLON)
  }

  /** All values that may begin at this place, each once, the one of RFC 2045 first. `coded`: a star stands before it. */
  valuesAt(at: number, { coded }: { readonly coded: boolean }): readonly string[] {
    const specials = coded ? SPECIAL : PLAIN_SPECIAL
    const isQuoted = this.#text[at] === '"'
    const found = isQuoted ? this.#quoted(at + 1) : this.#plain(at, specials)
    if (!coded) return [...new Set(found)]
    const from = isQuoted ? at + 1 : at
    const stops = isQuoted ? [this.#closing] : [this.#marks(SPACE), this.#marks(specials)]
    const ends = [this.#semicolons, ...stops].map(marks => marks.next(from))
    return [...new Set([...ends.flatMap(end => this.#withoutLanguage(from, end)), ...found])]
  }

  /** Of a value of which only the end is kept: it would lose its character set (RFC 2231 §4) to the language behind that. */
  #withoutLanguage(at: number, end: number): readonly string[] {
    if (end - at <= MAX_VALUE) return []
    const apostrophes = this.#marks(APOSTROPHE)
    const first = apostrophes.next(at)
    const second = apostrophes.next(first + 1)
    if (second >= end) return []
    const from = this.#marks(SEEN).next(at)
    const charset = this.#text.slice(from, Math.min(first, from + MAX_CHARSET))
    return [`${charset}''${unquotedEnd(this.#kept(second + 1, end))}`]
  }

  #quoted(at: number): readonly string[] {
    const text = this.#text
    const first = this.#quotes.next(at)
    const end = this.#closing.next(at)
    const found = [unescaped(this.#kept(at, end)), this.#kept(at, end), this.#kept(at, first)]
    const semicolon = this.#semicolons.next(end + 1)
    const isClosed = end < text.length && end === first
    if (isClosed && this.#kept(end + 1, semicolon).trim() === '') return found
    for (const stop of this.#stops(at)) {
      const value = this.#kept(at, stop)
      found.push(value, value.replaceAll('"', ''), unescaped(value).replace(/"[ \t]*$/, ''))
      // For some readers a quote that closes nothing opens nothing.
      found.push(this.#kept(at - 1, stop))
    }
    return found
  }

  #plain(at: number, specials: Signs): readonly string[] {
    const end = this.#semicolons.next(at)
    const value = this.#kept(at, end)
    const found = [this.#kept(at, Math.min(this.#marks(SPACE).next(at), end)), stripped(value)]
    if (/^'|"/.test(value)) found.push(value.replaceAll(/["']/g, '').trim())
    // Behind a character set (RFC 2231) quotes are quotes for some: `us-ascii''"a b"`.
    if (value.includes('"')) found.push(...this.#unquoted(at, value))
    const comment = value.search(/\s\(/)
    if (comment >= 0) found.push(value.slice(0, comment).replaceAll('"', ''))
    for (const signs of new Set([specials, SPECIAL]))
      found.push(this.#kept(at, Math.min(this.#marks(signs).next(at), end)))
    // A quote that opens in it hides semicolons from some.
    if (/["\\]/.test(value)) for (const stop of this.#stops(at)) found.push(this.#kept(at, stop))
    return found
  }

  /** Without its quotes, and without its escapes; up to the quote that closes, whatever stands behind it. */
  #unquoted(at: number, value: string): readonly string[] {
    const opening = this.#quotes.next(at)
    const inner = this.#kept(at, this.#closing.next(opening + 1))
    const without = [value, unescaped(value), inner, unescaped(inner)]
    return without.map(one => stripped(one.replaceAll('"', '')))
  }

  #stops(at: number): readonly number[] {
    const stops = [...this.#semicolons.several(at, MAX_SEMICOLONS)]
    const isLong = this.#text.length - at > MAX_VALUE
    if (!isLong || !this.#isTailGiven) stops.push(this.#text.length)
    else this.#isCut = true
    this.#isTailGiven ||= isLong
    return stops
  }

  #kept(from: number, to: number): string {
    this.#looked += Math.min(to - from, MAX_VALUE)
    if (to - from <= MAX_VALUE) return this.#text.slice(from, to)
    const end = Math.max(from, this.#marks(COUNTING).before(to) + 1)
    if (end - from > MAX_VALUE) this.#isCut = true
    // What stands behind it tells that there was something.
    const begin = this.#marks(SEEN).next(Math.max(from, end - MAX_VALUE))
    return this.#text.slice(Math.min(begin, end), Math.min(to, end + 1))
  }
}

const BLANK = /[\s\p{Cc}]/u

/** Without space and control characters at both ends: Python's strip() takes U+001C to U+001F for space, JavaScript's trim() does not. */
function stripped(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && BLANK.test(text[from] as string)) from++
  while (to > from && BLANK.test(text[to - 1] as string)) to--
  return text.slice(from, to)
}

const unquotedEnd = (text: string): string => text.replace(/"[ \t]*$/, '')

const unescaped = (text: string): string => text.replace(/\\(.?)/g, '$1')

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (first > 0 && text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}
