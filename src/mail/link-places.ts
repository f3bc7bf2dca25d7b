// Where a link stands in a text, and with it where its host may end: in quotes, in an attribute without them, within the value of an attribute
// (`srcset`, `ping`, a refresh, CSS), in running text.

import { SOFT_END } from './html-entities.ts'

/** `inner`: behind other things in a value; then also as without quotes. */
export type LinkPlace = '"' | "'" | '=' | 'inner' | 'text'

/** Characters of a link that are looked at for its host. */
export const MAX_LINK = 8192

// oxlint-disable-next-line no-control-regex
const IN_DOUBLE = /[/\\\t\n\r\0]*([^/\\?#"]{0,8192})/y
// oxlint-disable-next-line no-control-regex
const IN_SINGLE = /[/\\\t\n\r\0]*([^/\\?#']{0,8192})/y
// oxlint-disable-next-line no-control-regex
const WITHOUT = /[/\\\0]*([^ \t\n\f\r/\\?#>]{0,8192})/y
// oxlint-disable-next-line no-control-regex
const IN_LIST = /[/\\]*([^ \t\n\f\r\0\u0001/\\?#)]{0,8192})/y
// oxlint-disable-next-line no-control-regex
const IN_TEXT = /[/\\\0]+([^\s/\\?#"'<>\u0001\u0002]{0,8192})/y

/** From behind the scheme up to the path. In a text it begins with a slash. */
export const AUTHORITIES: Readonly<Record<LinkPlace, readonly RegExp[]>> = {
  '"': [IN_DOUBLE],
  "'": [IN_SINGLE],
  '=': [WITHOUT],
  inner: [IN_DOUBLE, IN_SINGLE, WITHOUT, IN_LIST],
  text: [IN_TEXT],
}

export const CR = 0x0d
const [LF, TAB, SLASH, BACKSLASH] = [0x0a, 0x09, 0x2f, 0x5c]

export const isSlash = (code: number): boolean => code === SLASH || code === BACKSLASH

/** What a browser does not take out begins with a slash. */
export function isSlashBehind(text: string, at: number): boolean {
  let next = at
  while (isTakenOut(text.charCodeAt(next))) next++
  return isSlash(text.charCodeAt(next))
}

/** A browser takes line ends and tabs in a link out; no program shows a NUL. */
const isTakenOut = (code: number): boolean =>
  code === TAB || code === LF || code === CR || code === 0

/** Where `http`, `https` or `ftp` begins before this colon, else -1. */
export function schemeBefore(text: string, colon: number): number {
  let at = before(text, colon)
  if (isLetter(text, at, 's')) at = before(text, at)
  if (!isLetter(text, at, 'p')) return -1
  const [t, first] = [before(text, at), before(text, before(text, at))]
  if (!isLetter(text, t, 't')) return -1
  if (isLetter(text, first, 'f')) return first
  const begin = before(text, first)
  return isLetter(text, first, 't') && isLetter(text, begin, 'h') ? begin : -1
}

function before(text: string, at: number): number {
  let place = at - 1
  for (let code = text.charCodeAt(place); isTakenOut(code); code = text.charCodeAt(place)) place--
  return place
}

const isLetter = (text: string, at: number, lower: string): boolean =>
  (text.charCodeAt(at) | 0x20) === lower.charCodeAt(0)

type Span = readonly [from: number, to: number]

/** Tags of a text, with what is quoted in them. */
function tagsIn(text: string): readonly Span[] {
  const found: Span[] = []
  for (let from = text.indexOf('<'); from >= 0; from = text.indexOf('<', from)) {
    const to = isLatin(text.charCodeAt(from + 1)) ? endOfTag(text, from + 1) : from + 1
    if (to > from + 1) found.push([from, to])
    from = to
  }
  return found
}

const isLatin = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a

/** Or where a quote begins that does not end. */
function endOfTag(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const sign = text[at]
    if (sign === '>') return at
    if (sign !== '"' && sign !== "'") continue
    const end = text.indexOf(sign, at + 1)
    if (end < 0) return at
    at = end
  }
  return text.length
}

/** The places of one text. Each run of space is looked at once for each link behind it. */
export class Places {
  readonly #text: string
  /** Begins and ends of tags; looked for when they are asked for. */
  #tags: readonly Span[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** Of a link that begins at `at`; control characters and space may stand before it. */
  of(at: number): LinkPlace {
    const text = this.#text
    const last = shownBefore(text, at)
    const sign = text[last]
    if (sign === '"' || sign === "'") return sign
    if (sign === '=') return isUrlBefore(text, last) ? 'inner' : '='
    if (sign === '(') return isUrlBefore(text, last) ? 'inner' : 'text'
    const isBehind = sign === ',' || sign === ';' || last < at - 1
    return isBehind && this.#isInTag(at) ? 'inner' : 'text'
  }

  #isInTag(at: number): boolean {
    this.#tags ??= tagsIn(this.#text)
    let [low, high] = [0, this.#tags.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#tags[middle] as Span)[0] > at) high = middle
      else low = middle + 1
    }
    const tag = this.#tags[low - 1]
    return tag !== undefined && at < tag[1]
  }
}

/** No control character, and no space. */
function shownBefore(text: string, at: number): number {
  let last = at - 1
  while (text.charCodeAt(last) <= 0x20) last--
  return last
}

/** Of a refresh, or of CSS. */
function isUrlBefore(text: string, at: number): boolean {
  const end = shownBefore(text, at) + 1
  return text.slice(Math.max(0, end - 3), end).toLowerCase() === 'url'
}

/** A line's end and a space: what a fold puts into a line. */
const FOLD = /^\r?\n[ \t]/
/** A tag is not longer, as a rule. */
const MAX_TAG = 2048

/** A fold ends the line here, in a tag. */
export function isFolded(text: string, at: number): boolean {
  const sign = text.charCodeAt(at)
  if ((sign !== CR && sign !== LF) || !FOLD.test(text.slice(at, at + 3))) return false
  const head = text.slice(Math.max(0, at - MAX_TAG), at)
  return head.lastIndexOf('<') > head.lastIndexOf('>')
}

/** What stands at `end` ends the host for every program. */
export function isClosed(text: string, end: number, place: () => LinkPlace): boolean {
  const sign = text[end]
  if (sign === undefined || sign === '/' || sign === '?' || sign === '#') return true
  const where = place()
  if (where === 'text') return true
  if (where === 'inner') return sign === '"' || sign === "'"
  return where === '=' ? /[\s>]/.test(sign) : sign === where
}

/** What may be the host in an authority: all of it, and what stands before a quote or comma that ends it for some. */
export function hostsOf(authority: string): readonly string[] {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  const soft = authority.indexOf(SOFT_END)
  let end = host.length
  while (host[end - 1] === ',') end--
  const found = [host.slice(0, end)]
  if (soft >= 0) found.push(...hostsOf(authority.slice(0, soft)))
  return found
}
