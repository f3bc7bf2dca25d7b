// The strict reading of a From field (RFC 5322 §3.4): `Name <address>, address`, and nothing that any mail program reads differently.

import { trimmed } from './header.ts'

/** One piece of a list of mailboxes. A comment has no other in it, and nothing escaped. */
const PIECE =
  /(?<space>[ \t]+)|(?<comment>\([\t -'*-[\]-~\x80-\xff]*\))|(?<quoted>"(?:[\t !#-[\]-~\x80-\xff]|\\[ -~])*")(?!@)|<(?<angle>[ -'*-;=?-~\x80-\xff]*)>|(?<comma>,)|(?<word>[!#-'*+\--9=?-[\]-~\x80-\xff]+)/y

export type Mailboxes = {
  /** One character a byte. */
  readonly addresses: readonly string[]
  /**
   * A name is written as programs write it and as the grammar does not allow (with commas or brackets, and without quotes; with spaces in an encoded word): some readers take the pieces of it for mailboxes, so that what is quoted or encoded in it is no longer only a name.
   */
  readonly loose: boolean
}

/**
 * Undefined when it is anything else: text behind an address, two in one, a route, a group, a comment in a comment. What has an `@` in
 * it and is not quoted counts as an address: some readers take it for one. `folds`: where in the value a line ended.
 */
export function mailboxes(value: string, folds: readonly number[]): Mailboxes | undefined {
  const list = new MailboxList()
  let next = 0
  for (let at = 0; at < value.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at
    const piece = PIECE.exec(value)?.groups
    if (!piece || !list.take(piece)) return undefined
    // For Python a name is unreadable that ends so.
    if (piece['angle'] !== undefined && value[at - 1] === '.') return undefined
    while ((folds[next] ?? Infinity) < at) next++
    const isFolded = (folds[next] ?? Infinity) < PIECE.lastIndex
    // For Python what is quoted ends with its line: what stands on the next has its meaning.
    if (isFolded && /[()<>[\]:;@\\,]/.test(piece['quoted'] ?? piece['comment']?.slice(1, -1) ?? ''))
      return undefined
  }
  return list.next() && !list.unnamed ? list : undefined
}

/** RFC 2047 §2. */
const ENCODED_WORD = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=/gi

/** An encoded word in it does not end: for some readers it goes on into what has a meaning for others. */
const isEndless = (text = ''): boolean =>
  text.includes('=?') && text.replaceAll(ENCODED_WORD, '').includes('=?')

class MailboxList implements Mailboxes {
  readonly addresses: string[] = []
  loose = false
  /** A part of a name stood between commas; its address has not come. */
  unnamed = false
  #words: string[] = []
  #quoted = false
  #angle = false

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
    if (isEndless(word)) this.loose = true
    if (isEndless(quoted ?? comment)) return false
    if (comment !== undefined) return true
    if (comma !== undefined) return this.next()
    if (this.#angle) return false
    if (quoted !== undefined) this.#quoted = true
    if (word !== undefined && !this.#takeWord(word)) return false
    if (angle !== undefined) {
      this.#angle = true
      this.unnamed = false
      return this.#takeNamed() && this.addresses.push(trimmed(angle)) > 0
    }
    return true
  }

  #takeWord(word: string): boolean {
    if (/[[\]]/.test(word)) this.loose = true
    this.#words.push(word)
    // For Python a name is unreadable that begins so.
    return !word.startsWith('.') || this.#quoted || this.#words.length > 1
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
      this.loose ||= this.unnamed
    }
    this.#words = []
    this.#quoted = false
    this.#angle = false
    return true
  }
}
