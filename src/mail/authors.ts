// Who a message says it is from: the From field (RFC 5322 §3.6.2). Used to *authorise*, so it is read twice: strictly, and as a tolerant
// reader would. Where the strict reading finds anything that readers take for different things, it is not clear, and says so.

import addressparser from 'nodemailer/lib/addressparser'
import { foldAddress, type MailAddress, parseMailAddress } from '../model/mail-address.ts'
import type { Field } from './header.ts'

export type Authors = {
  /** All that somebody may read, folded to lower case; what is no address stands there as it is written. */
  readonly addresses: readonly string[]
  /** There is one From field, and everybody reads the same addresses in it, at least one. */
  readonly clear: boolean
}

/** A field longer than this is nobody's honest list of authors, and parsing it would cost too much. */
const MAX_LENGTH = 10_000

/** As nearly all of them are. */
const SIMPLE = /^(?:[\w .'-]{0,200}<([\w.+-]{1,64}@[\w.-]{1,255})>|([\w.+-]{1,64}@[\w.-]{1,255}))$/

/** `name`: another field of addresses, read in the same way. */
export function authorsOf(fields: readonly Field[], name = 'from'): Authors {
  const found = fields.filter(field => field.name === name).map(read)
  return {
    addresses: [...new Set(found.flatMap(({ addresses }) => addresses))],
    clear: found.length === 1 && found.every(({ clear }) => clear),
  }
}

function read({ value, folds = [] }: Field): Authors {
  const [, named, bare] = SIMPLE.exec(value) ?? []
  const simple = named ?? bare ?? ''
  if (parseMailAddress(simple)) return { addresses: [foldAddress(simple)], clear: true }
  if (value.length > MAX_LENGTH) return { addresses: ['(too long to be read)'], clear: false }
  const strict = mailboxes(value, folds)?.map(utf8)
  const tolerant = addressparser(utf8(value), { flatten: true }).map(({ address }) => address)
  const read = [...(strict ?? []), ...tolerant].map(address => parseMailAddress(address) ?? address)
  return {
    addresses: read.map(one =>
      typeof one === 'string' ? one : foldAddress(`${one.local}@${one.domain}`),
    ),
    clear: strict !== undefined && strict.length > 0 && read.every(isPlain),
  }
}

/** RFC 6532: a header may be UTF-8, and comes as one character a byte. */
const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** An address, and none that some readers decode (RFC 2047 §5 forbids an encoded word there). */
const isPlain = (one: MailAddress | string): boolean =>
  typeof one !== 'string' && !one.local.includes('=?')

/** One piece of a list of mailboxes. A comment has no other in it. */
const PIECE =
  /(?<space>[ \t]+)|(?<comment>\((?:[\t -'*-[\]-~\x80-\xff]|\\[ -~])*\))|(?<quoted>"(?:[\t !#-[\]-~\x80-\xff]|\\[ -~])*")(?!@)|<(?<angle>[ -'*-;=?-~\x80-\xff]*)>|(?<comma>,)|(?<word>[!#-'*+\--9=?-[\]-~\x80-\xff]+)/y

/**
 * The addresses of `Name <address>, address`. Undefined when it is anything else: text behind an address, two in one, a route, a
 * group, a comment in a comment. In a name that nobody quoted, commas are let by, and what has an `@` in it counts as an address:
 * some readers take it for one.
 */
function mailboxes(value: string, folds: readonly number[]): readonly string[] | undefined {
  const list = new MailboxList()
  let next = 0
  for (let at = 0; at < value.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at
    const piece = PIECE.exec(value)?.groups
    if (!piece || !list.take(piece)) return undefined
    while ((folds[next] ?? Infinity) < at) next++
    const isFolded = (folds[next] ?? Infinity) < PIECE.lastIndex
    // For Python what is quoted ends with its line.
    if (isFolded && /[<@]/.test(piece['quoted'] ?? piece['comment'] ?? '')) return undefined
  }
  return list.next() && !list.unnamed ? list.addresses : undefined
}

/** RFC 2047 §2. */
const ENCODED_WORD = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=/gi

/** An encoded word in it does not end: for some readers it goes on into what has a meaning for others. */
const isEndless = (text = ''): boolean =>
  text.includes('=?') && text.replaceAll(ENCODED_WORD, '').includes('=?')

class MailboxList {
  readonly addresses: string[] = []
  /** A part of a name stood between commas; its address has not come. */
  unnamed = false
  #words: string[] = []
  #quoted = false
  #angle = false
  #endless = false
  #meaning = false

  /** False: this may not stand here. */
  take({
    space,
    comment,
    quoted,
    angle,
    comma,
    word,
  }: Readonly<Record<string, string | undefined>>): boolean {
    if (space !== undefined) return true
    if (isEndless(word)) this.#endless = true
    if (comment ?? quoted ?? comma) this.#meaning = true
    if ((this.#endless && this.#meaning) || isEndless(quoted ?? comment)) return false
    if (comment !== undefined) return true
    if (comma !== undefined) return this.next()
    if (this.#angle) return false
    if (quoted !== undefined) this.#quoted = true
    if (word !== undefined) this.#words.push(word)
    if (angle !== undefined) {
      this.#angle = true
      this.unnamed = false
      return this.#takeNamed() && this.addresses.push(angle) > 0
    }
    return true
  }

  /** What has an `@` in it and is not quoted stands alone, or words beside it may be a part of it. */
  #takeNamed(): boolean {
    if (!this.#words.some(word => word.includes('@'))) return true
    if (this.#quoted || this.#words.length > 1) return false
    this.addresses.push(...this.#words)
    return true
  }

  /** One mailbox of the list is complete. */
  next(): boolean {
    if (!this.#angle) {
      const before = this.addresses.length
      if (!this.#quoted && this.#words.length === 0) return false
      if (!this.#takeNamed() || (this.unnamed && this.addresses.length > before)) return false
      this.unnamed = this.addresses.length === before
    }
    this.#words = []
    this.#quoted = false
    this.#angle = false
    return true
  }
}
