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

/**
 * A browser takes the signs between these letters out; no program shows a NUL. Then the host, where the link is plain. Without a scheme it
 * is a link in an attribute alone.
 */
const LINK =
  // oxlint-disable-next-line no-control-regex
  /(?:h[\t\n\r\0]*t[\t\n\r\0]*t[\t\n\r\0]*p[\t\n\r\0]*(?:s[\t\n\r\0]*)?:|ftp:)(?:\/\/([a-z\d.-]{1,255}(?::\d{1,5})?)(?=[/?#"'<>\s]|$))?|[\\/]{2}/gi
/** As a program that knows nothing of browsers takes it out of a text. */
const WRITTEN = /\/\/([^\s/?#"'<>]{1,255})/y

export function linksIn(text: string): Links {
  const found = new Found(withoutEntities(text))
  found.read()
  return found
}

class Found implements Links {
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
    LINK.lastIndex = 0
    for (let link = LINK.exec(text); link && !this.tooMany; link = LINK.exec(text)) {
      const { index: at } = link
      const end = LINK.lastIndex
      const host = link[1]
      if (host === undefined) this.#odd(at, text[end - 1] === ':' ? end : at)
      else {
        this.#add(host.toLowerCase(), end)
        if (!isClosed(text, at, end)) this.#addOpened(at, end - host.length - 2)
      }
    }
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
    const link = this.#rest(at, after)
    this.#room -= link.length
    const authority = AUTHORITY.exec(link.replaceAll(UNSEEN, ''))?.[1] ?? ''
    if (link.length === MAX_LINK && !/[/\\?#]/.test(link.replace(/^[/\\\s]+/, ''))) {
      this.tooMany = true
      return
    }
    const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
    if (host === '' || this.#opened.has(host)) return
    this.#opened.add(host)
    if (this.#opened.size > MAX_ODD || this.#room < 0) {
      this.tooMany = true
      return
    }
    const opened = URL.parse(`http://${host}`)?.hostname
    if (opened === undefined || opened === '') return
    this.#add(host, at)
    this.#add(opened, at)
  }

  /** Behind the scheme: in an attribute up to its quote, elsewhere up to white space. */
  #rest(at: number, after: number): string {
    const text = this.#text
    const piece = text.slice(after, after + MAX_LINK)
    const quote = quoteOf(text, at)
    if (quote === undefined) return /^[/\\][^\s"'<>]*/.exec(piece)?.[0] ?? ''
    const end = quote === '=' ? piece.search(/[ \t\r\n>]/) : piece.indexOf(quote)
    return end < 0 ? piece : piece.slice(0, end)
  }
}

const [CR, LF] = [0x0d, 0x0a]
/** A line's end and a space: what a fold puts into a line. */
const FOLD = /^\r?\n[ \t]/
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\t\n\r\0]+/g
const AUTHORITY = /^[/\\]*([^/\\?#]*)/

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
function quoteOf(text: string, at: number): string | undefined {
  let before = at - 1
  for (
    let most = 16;
    most > 0 && (text.charCodeAt(before) <= 0x20 || text.charCodeAt(before) === 0);
    most--
  )
    before--
  const sign = text[before]
  return sign === '"' || sign === "'" || sign === '=' ? sign : undefined
}
