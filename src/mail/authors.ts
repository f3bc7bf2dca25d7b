// Who a message says it is from: the From field (RFC 5322 §3.6.2). Used to *authorise*, so it is read twice: strictly, and as a tolerant
// reader would. Where the strict reading finds anything that readers take for different things, it is not clear, and says so.

import addressparser from 'nodemailer/lib/addressparser'
import { foldAddress, parseMailAddress } from '../model/mail-address.ts'
import type { Field } from './header.ts'

export type Authors = {
  /** All that somebody may read, folded to lower case; what is no address stands there as it is written. */
  readonly addresses: readonly string[]
  /** There is one From field, and everybody reads the same addresses in it, at least one. */
  readonly clear: boolean
}

/** A field longer than this is nobody's honest list of authors, and parsing it would cost too much. */
const MAX_LENGTH = 10_000

export function authorsOf(fields: readonly Field[]): Authors {
  const found = fields.filter(field => field.name === 'from').map(field => read(field.value))
  return {
    addresses: [...new Set(found.flatMap(({ addresses }) => addresses))],
    clear: found.length === 1 && found.every(({ clear }) => clear),
  }
}

function read(value: string): Authors {
  if (value.length > MAX_LENGTH) return { addresses: ['(too long to be read)'], clear: false }
  // RFC 6532: a header may be UTF-8, and comes as one character a byte.
  const text = Buffer.from(value, 'latin1').toString('utf8')
  const strict = mailboxes(text)
  const tolerant = addressparser(text, { flatten: true }).map(({ address }) => address)
  const read = [...(strict ?? []), ...tolerant].map(address => parseMailAddress(address) ?? address)
  return {
    addresses: read.map(one =>
      typeof one === 'string' ? one : foldAddress(`${one.local}@${one.domain}`),
    ),
    clear: strict !== undefined && strict.length > 0 && read.every(one => typeof one !== 'string'),
  }
}

/** One piece of a list of mailboxes. A comment has no other in it. */
const PIECE =
  /(?<space>[ \t]+|\((?:[^()\\\p{Cc}]|\t|\\[ -~])*\))|(?<quoted>"(?:[^"\\\p{Cc}]|\t|\\[ -~])*")(?!@)|<(?<angle>[^<>()\p{Cc}]*)>|(?<comma>,)|(?<word>[^\s()<>,;:\\"\p{Cc}]+)/uy

/**
 * The addresses of `Name <address>, address`. Undefined when it is anything else: text behind an address, two in one, a route, a
 * group, a comment in a comment. In a name that nobody quoted, commas are let by, and what has an `@` in it counts as an address:
 * some readers take it for one.
 */
function mailboxes(text: string): readonly string[] | undefined {
  const list = new MailboxList()
  for (PIECE.lastIndex = 0; PIECE.lastIndex < text.length; ) {
    const piece = PIECE.exec(text)?.groups
    if (!piece || !list.take(piece)) return undefined
  }
  return list.next() && !list.unnamed ? list.addresses : undefined
}

class MailboxList {
  readonly addresses: string[] = []
  /** A part of a name stood between commas; its address has not come. */
  unnamed = false
  #words: string[] = []
  #quoted = false
  #angle = false

  /** False: this may not stand here. */
  take({
    space,
    quoted,
    angle,
    comma,
    word,
  }: Readonly<Record<string, string | undefined>>): boolean {
    if (space !== undefined) return true
    if (comma !== undefined) return this.next()
    if (this.#angle) return false
    if (quoted !== undefined) this.#quoted = true
    if (word !== undefined) this.#words.push(word)
    if (angle !== undefined) {
      this.addresses.push(...this.#words.filter(one => one.includes('@')), angle)
      this.#angle = true
      this.unnamed = false
    }
    return true
  }

  /** One mailbox of the list is complete. */
  next(): boolean {
    const [words, named] = [this.#words, this.#quoted || this.#words.length > 0]
    if (!this.#angle) {
      if (!named) return false
      if (!words.some(word => word.includes('@'))) this.unnamed = true
      else if (this.unnamed || this.#quoted || words.length > 1) return false
      else this.addresses.push(...words)
    }
    this.#words = []
    this.#quoted = false
    this.#angle = false
    return true
  }
}
