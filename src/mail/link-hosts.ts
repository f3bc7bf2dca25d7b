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

const [CR, LF] = [0x0d, 0x0a]
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
  for (
    let most = 16;
    most > 0 && (text.charCodeAt(before) <= 0x20 || text.charCodeAt(before) === 0);
    most--
  )
    before--
  const sign = text[before]
  return sign === '"' || sign === "'" || sign === '=' ? sign : undefined
}
