// The hosts of the links in a text (RFC 3986 §3.2.2), as a browser opens them (WHATWG URL): slashes of either kind and any number, with line
// ends and tabs between, the name in any letters, behind a user's name with anything in it. Most links are written plainly, and cost one
// look; of the others both are listed: what stands there, which may hide its host, and the host that Node's URL finds.

import { withoutEntities } from './html-entities.ts'
import {
  AUTHORITIES,
  CR,
  hostsOf,
  isClosed,
  isFolded,
  isSlash,
  isSlashBehind,
  MAX_LINK,
  Places,
  schemeBefore,
} from './link-places.ts'

export const MAX_HOSTS = 1000
/** Links that are not written plainly, each once. */
const MAX_ODD = 200
/** What looking for the host of one costs, in characters, however short it is. */
const LOOK = 24

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
// oxlint-disable-next-line no-control-regex
const WRITTEN = /\/\/([^\s/?#"'<>\0\u0001\u0002]{1,255})/y
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\t\n\r\0]+/g

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
  readonly #places: Places
  /** Hosts of odd links. */
  readonly #opened = new Set<string>()
  /** Characters of odd links that may be looked at yet. */
  #room: number

  constructor(text: string) {
    this.#text = text
    this.#places = new Places(text)
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
        const code = text.charCodeAt(at + 1)
        const isPair = isSlash(code)
        if (!isPair && !(code <= CR && isSlashBehind(text, at + 1))) continue
        if (text[at - 1] !== ':') this.#odd(at, at)
        if (this.tooMany) return
        // What stands behind line ends may begin another.
        if (!isPair) at--
      }
  }

  #link(at: number, after: number): void {
    PLAIN.lastIndex = after
    const host = PLAIN.exec(this.#text)?.[1]
    if (host === undefined) return this.#odd(at, after)
    const end = after + 2 + host.length
    this.#add(host.toLowerCase(), end)
    if (!isClosed(this.#text, end, () => this.#places.of(at))) this.#addOpened(at, after)
  }

  /** `after`: behind the scheme, if there is one. */
  #odd(at: number, after: number): void {
    const text = this.#text
    if (at === after && this.#places.of(at) === 'text') return
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
    for (const authority of AUTHORITIES[this.#places.of(at)]) {
      authority.lastIndex = after
      const written = authority.exec(this.#text)?.[1]
      if (written === undefined) continue
      this.#room -= written.length + LOOK
      if (this.#room < 0) this.tooMany = true
      for (const host of hostsOf(written.replaceAll(UNSEEN, '')))
        this.#addHost(host, at, written.length === MAX_LINK)
      if (this.tooMany) return
    }
  }

  #addHost(host: string, at: number, isLong: boolean): void {
    if (!isLong && (host === '' || this.#opened.has(host))) return
    this.#opened.add(host)
    if (isLong || this.#opened.size > MAX_ODD) {
      this.tooMany = true
      return
    }
    const opened = URL.parse(`http://${host}`)?.hostname
    if (opened === undefined || opened === '') return
    this.#add(host, at)
    this.#add(opened, at)
  }
}
