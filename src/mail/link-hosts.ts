// The hosts of the links in a text (RFC 3986 §3.2.2), as a browser opens them (WHATWG URL): slashes of either kind and any number, with line
// ends and tabs between, the name in any letters, behind a user's name with anything in it. Most links are written plainly, and cost one
// look; of the others both are listed: what stands there, which may hide its host, and the host that Node's URL finds.

import { withoutEntities } from './html-entities.ts'

export const MAX_HOSTS = 1000
/** Links that are not written plainly, each once. */
const MAX_ODD = 200
/** Characters of a link that are looked at for its host. */
const MAX_LINK = 8192

export type Links = {
  /** User, host and port, in lower case; of links that are not plain also the host alone. */
  readonly hosts: ReadonlySet<string>
  /** Those of them that only a fold ends, in a tag of HTML: there the link goes on, in a text it does not. */
  readonly stumps: ReadonlySet<string>
  /** Some are not listed. */
  readonly tooMany: boolean
}

/** Behind the scheme of a link that is plain. */
const PLAIN = /\/\/([a-z\d.-]{1,255}(?::\d{1,5})?)(?=[/?#"'<>\s]|$)/iy
/** As a program that knows nothing of browsers takes it out of a text. */
const WRITTEN = /\/\/([^\s/?#"'<>]{1,255})/y

export function linksIn(text: string): Links {
  const found = new LinkReader(withoutEntities(text))
  found.read()
  return found
}

class LinkReader implements Links {
  readonly hosts = new Set<string>()
  readonly stumps = new Set<string>()
  tooMany = false
  readonly #text: string
  /** Hosts of odd links. */
  readonly #opened = new Set<string>()
  /** Characters of odd links that may be looked at yet. */
  #room: number

  constructor(text: string) {
    this.#text = text
    this.#room = 2 * text.length + MAX_LINK
  }

  read(): void {
    const text = this.#text
    for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      const at = schemeBefore(text, colon)
      if (at >= 0) this.#link(at, colon + 1)
      if (this.tooMany) return
    }
    // Without a scheme it is a link in an attribute alone.
    for (const slash of ['/', '\\'])
      for (let at = text.indexOf(slash); at >= 0; at = text.indexOf(slash, at + 2)) {
        const next = text[at + 1]
        if ((next === '/' || next === '\\') && text[at - 1] !== ':') this.#odd(at, at)
        if (this.tooMany) return
      }
  }

  #link(at: number, after: number): void {
    PLAIN.lastIndex = after
    const host = PLAIN.exec(this.#text)?.[1]
    if (host === undefined) return this.#odd(at, after)
    const end = after + 2 + host.length
    this.#add(host.toLowerCase(), end)
    if (!isClosed(this.#text, at, end)) this.#addOpened(at, after)
  }

  /** `after`: behind the scheme, if there is one. */
  #odd(at: number, after: number): void {
    const text = this.#text
    if (at === after && quoteOf(text, at) === undefined) return
    WRITTEN.lastIndex = after
    const written = WRITTEN.exec(text)
    if (written) this.#add((written[1] as string).toLowerCase(), WRITTEN.lastIndex)
    this.#addOpened(at, after)
  }

  #add(host: string, end: number): void {
    const isKnown = this.hosts.has(host)
    if (isKnown && this.stumps.size === 0) return
    if (!isFolded(this.#text, end)) this.stumps.delete(host)
    else if (!isKnown) this.stumps.add(host)
    this.hosts.add(host)
    if (this.hosts.size > MAX_HOSTS) this.tooMany = true
  }

  /** What a browser opens. */
  #addOpened(at: number, after: number): void {
    const link = AUTHORITY[quoteOf(this.#text, at) ?? 'text']
    link.lastIndex = after
    const written = link.exec(this.#text)?.[1]
    if (written === undefined) return
    this.#room -= written.length
    const authority = written.replaceAll(UNSEEN, '')
    const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
    const isLong = written.length === MAX_LINK
    if (!isLong && (host === '' || this.#opened.has(host))) return
    this.#opened.add(host)
    if (isLong || this.#opened.size > MAX_ODD || this.#room < 0) {
      this.tooMany = true
      return
    }
    const opened = URL.parse(`http://${host}`)?.hostname
    if (opened === undefined || opened === '') return
    this.#add(host, at)
    this.#add(opened, at)
  }
}

const [CR, LF, TAB] = [0x0d, 0x0a, 0x09]

/** Where `http`, `https` or `ftp` begins before this colon, else -1. A browser takes line ends and tabs in it out; no program shows a NUL. */
function schemeBefore(text: string, colon: number): number {
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

const isTakenOut = (code: number): boolean =>
  code === TAB || code === LF || code === CR || code === 0

const isLetter = (text: string, at: number, lower: string): boolean =>
  (text.charCodeAt(at) | 0x20) === lower.charCodeAt(0)

/** A line's end and a space: what a fold puts into a line. */
const FOLD = /^\r?\n[ \t]/
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\t\n\r\0]+/g
/** From behind the scheme up to the path: in quotes, in an attribute without them, in a text. There it begins with a slash. */
const AUTHORITY = {
  // oxlint-disable-next-line no-control-regex
  '"': /[/\\\t\n\r\0]*([^/\\?#"]{0,8192})/y,
  // oxlint-disable-next-line no-control-regex
  "'": /[/\\\t\n\r\0]*([^/\\?#']{0,8192})/y,
  // oxlint-disable-next-line no-control-regex
  '=': /[/\\\0]*([^\s/\\?#>]{0,8192})/y,
  text: /[/\\]+([^\s/\\?#"'<>]{0,8192})/y,
} as const

/** What stands at `end` ends the host for every program. */
function isClosed(text: string, at: number, end: number): boolean {
  const sign = text[end]
  if (sign === undefined || sign === '/' || sign === '?' || sign === '#') return true
  const quote = quoteOf(text, at)
  if (quote === undefined) return true
  return quote === '=' ? /[\s>]/.test(sign) : sign === quote
}

/** A tag is not longer, as a rule. */
const MAX_TAG = 2048

/** A fold ends the line here, in a tag. */
function isFolded(text: string, at: number): boolean {
  const sign = text.charCodeAt(at)
  if ((sign !== CR && sign !== LF) || !FOLD.test(text.slice(at, at + 3))) return false
  const before = text.slice(Math.max(0, at - MAX_TAG), at)
  return before.lastIndexOf('<') > before.lastIndexOf('>')
}

/** The quote that opens the attribute whose value begins here, or the equals sign in front of it; control characters and space may stand between. */
function quoteOf(text: string, at: number): '"' | "'" | '=' | undefined {
  let before = at - 1
  for (let most = 16; most > 0 && text.charCodeAt(before) <= 0x20; most--) before--
  const sign = text[before]
  return sign === '"' || sign === "'" || sign === '=' ? sign : undefined
}
