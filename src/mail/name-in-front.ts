// `name <address>` with signs in the name that mean something to a program that decodes the field and looks for addresses then (notmuch,
// Python's usual way), or that are not quoted: `Anna @ Büro`, `Müller, Anna @Firma`, `Re: Anna`. Mail programs encode such a name by
// themselves. What is read in it counts as an author only where it is an address: with a domain that can exist. Why:
// docs/decisions/0029-every-possible-author-is-asked-about.md. test/fuzz/second-names.test.ts compares.

import { foldAddress } from '../model/mail-address.ts'
import { hasForeignWord, readingsOfWords } from './mime/encoded-words.ts'
import { MAX_TEXT, possibleAddresses } from './possible-addresses.ts'
import type { ReadingBudget } from './reading-budget.ts'

/** Nothing else stands in brackets, or behind them. */
const NAMED = /^([^<>]*)<([^<>]*)>\s*$/

/** An address that stands in a name for itself: every program that reads one there reads this one. */
const IN_NAME = /(?<=^|[\s,;:(<])[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+(?=\s*(?:[,;:)>]|$))/g
/** In front of an address, but for space: for some it goes on into what follows. */
const GOES_ON = /[."')[\]\\@>]$/

/** But for the tab. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\n-\x1f\x7f]/
/** The beginning of an address in brackets (RFC 5321 §4.1.3). */
const LITERAL = /\[\s*(?:ipv6|[\d(])/i

/** RFC 2047 §2. */
const WORD = /=\?[^?]*\?[bq]\?[^?]*\?=/gi

export type NamedAuthor = {
  /** As written. */
  readonly address: string
  /** Addresses that some program reads in the name, folded; those that are the same as `address` are not here. */
  readonly inName: readonly string[]
}

/**
 * `text`: the value of the field as UTF-8, with a line feed where a line ended. Undefined: the field is written in another way, or
 * something may be read in it that is not told here.
 */
export function namedAuthor(text: string, budget: ReadingBudget): NamedAuthor | undefined {
  if (text.length > MAX_TEXT) return undefined
  const [, name = '', inner] = NAMED.exec(text) ?? []
  const address = inner?.trim() ?? ''
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@')))
  if (!PLAIN_LOCAL.test(local) || hasForeignWord(name)) return undefined
  // For Python a name is unreadable that begins or ends so, and what is quoted ends with its line.
  if (/^\s*\./.test(name) || name.endsWith('.') || (name.includes('\n') && /["(]/.test(name)))
    return undefined
  // A comment that does not end takes the address along.
  if (name.split('(').length !== name.split(')').length) return undefined
  const unfolded = name.replaceAll(/\n(?=[ \t])/g, '')
  if (hasWordsInFront(unfolded)) return undefined
  const inName = new Set<string>()
  for (const reading of new Set([...readingsOfWords(unfolded), unfolded])) {
    if (CONTROL.test(reading) || !isQuotedInPairs(reading)) return undefined
    const left = reading.replaceAll(IN_NAME, (found: string, at: number) => {
      if (GOES_ON.test(reading.slice(0, at).trimEnd())) return found
      inName.add(foldAddress(found))
      return ''
    })
    if (left.includes('@') && LITERAL.test(left)) return undefined
    const { addresses, more } = possibleAddresses(left, budget)
    // Its words decoded in other ways: each address for itself was found above.
    const isEncoded = reading === unfolded && !left.replaceAll(WORD, '').includes('@')
    const known = new Set(isEncoded ? inName : [])
    if (more || addresses.some(one => canExist(one) && !known.has(one))) return undefined
  }
  inName.delete(foldAddress(address))
  return { address, inName: [...inName] }
}

/** For Python words in front of an address that is not encoded are its local part. */
const hasWordsInFront = (name: string): boolean =>
  [...name.matchAll(IN_NAME)].some(({ index }) => /[^\s,;:(]$/.test(name.slice(0, index).trimEnd()))

const PLAIN_LOCAL = /^[^"\s]{1,63}$/

/** A quote that nothing ends goes on into the address. */
function isQuotedInPairs(decoded: string): boolean {
  const quotes = decoded.split('"').length - 1
  return quotes % 2 === 0 && (quotes === 0 || !decoded.includes('\\'))
}

/** Full stops of other scripts, too, which many programs take for dots (UTS 46 §4). */
const DOT = /[.\u3002\uff0e\uff61]/

/** Mail may come from its domain: an address literal, or a name of two labels or more whose last is no number and no single letter. */
export function canExist(address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  if (domain.startsWith('[')) return true
  const labels = domain.split(DOT).filter(label => label !== '')
  return (
    address.includes('@') && labels.length > 1 && !/^(?:\d+|[a-z_-])$/i.test(labels.at(-1) ?? '')
  )
}
