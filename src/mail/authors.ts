// The authors that a message names: the From field (RFC 5322 §3.6.2). Used to *authorise*, so it is read strictly; where the strict
// reading finds text that mail programs read differently, the field is not clear, and all that any program may take for an address is one.

import { foldAddress, parseMailAddress } from '../model/mail-address.ts'
import { decodedNamesAreNames } from './decoded-names.ts'
import { type Field, trimmed } from './header.ts'
import { decodeWords } from './mime/encoded-words.ts'
import { mailboxes } from './mailboxes.ts'
import { canExist, namedAuthor } from './name-in-front.ts'
import { possibleAddresses } from './possible-addresses.ts'
import { ReadingBudget } from './reading-budget.ts'

export type Authors = {
  /** Every address that a mail program may read, in lower case; text that is no address is there as written. */
  readonly addresses: readonly string[]
  /** There is one From field, and every mail program reads the same addresses in it, at least one. */
  readonly clear: boolean
  /** A mail program may read more than `addresses`: the field is too long, has too many addresses, or a character set that hides them. */
  readonly more: boolean
  /** It is not clear for one thing alone: there are addresses in the name. `addresses` is all that any program reads. */
  readonly byName?: true
}

/** Characters of all From fields together; longer ones are not read (`more`). */
export const MAX_FROM = 10_000

/** The form of nearly all From fields. */
const SIMPLE =
  /^(?:(?:[\w'-](?:[\w .'-]{0,200}[\w '-])?)?<((?:[\w.+-]{1,64}|"[\w.+-]{1,64}")@[\w.-]{1,255})>|((?:[\w.+-]{1,64}|"[\w.+-]{1,64}")@[\w.-]{1,255}))$/

/** The form of nearly all others: the name in quotes, on the line of the address. */
const QUOTED = /^"[\w .,'-]{1,200}" ?<([\w.+-]{1,64}@[\w.-]{1,255})>$/

const TOO_LONG: Authors = { addresses: [], clear: false, more: true }

/**
 * Steps for reading all address fields of one message that are not well formed. The oddest field seen that was not built to be slow takes
 * a sixth. When they are used up, the result says `more`.
 */
export const ADDRESS_STEPS = 512 * 1024

/** `name`: another address field, read in the same way. Two calls may share one budget. */
export function authorsOf(
  fields: readonly Field[],
  name = 'from',
  budget = new ReadingBudget(ADDRESS_STEPS),
): Authors {
  const froms = fields.filter(field => field.name === name)
  const length = froms.reduce((sum, { value }) => sum + value.length, 0)
  if (length > MAX_FROM) return TOO_LONG
  const found = froms.map(field => read(field, budget))
  return {
    addresses: [...new Set(found.flatMap(({ addresses }) => addresses))],
    clear: found.length === 1 && found.every(({ clear }) => clear),
    more: found.some(({ more }) => more),
    ...(found.length === 1 && found[0]?.byName ? { byName: true } : {}),
  }
}

function read({ value, folds = [] }: Field, budget: ReadingBudget): Authors {
  const [, named, bare] = SIMPLE.exec(value) ?? []
  const [, quoted] = folds.length === 0 ? (QUOTED.exec(value) ?? []) : []
  const simple = named ?? bare ?? quoted ?? ''
  if (isAddress(simple)) return { addresses: [foldAddress(simple)], clear: true, more: false }
  const strict = mailboxes(value, folds)
  const written = strict?.addresses.map(utf8) ?? []
  const addresses = written.map(foldAddress)
  const isPlain =
    addresses.length > 0 &&
    written.every(isAddress) &&
    decodedNamesAreNames(value) &&
    !isNameForDot(value, written)
  if (strict && isPlain && !strict.loose && (addresses.length === 1 || addresses.every(canExist)))
    return { addresses, clear: true, more: false }
  const text = utf8(folded(value, folds))
  const withName = readNamed(text, budget)
  if (withName) return withName
  if (strict && isPlain && !strict.loose) return { addresses, clear: true, more: false }
  const possible = possibleAddresses(text, budget)
  const group = groupIn(value)
  if (group && !possible.more && possible.addresses.every(address => group.includes(address)))
    return { addresses: group, clear: true, more: false }
  if (strict && isPlain && !possible.more && saysNoMore(value, addresses.length))
    return { addresses, clear: true, more: false }
  return {
    addresses: [...addresses, ...possible.addresses],
    clear: false,
    more: possible.more,
  }
}

/** Some programs may read addresses in the name, and those are known. */
function readNamed(text: string, budget: ReadingBudget): Authors | undefined {
  const { address, inName } = namedAuthor(text, budget) ?? {}
  if (address === undefined || !inName || !isAddress(address) || address.endsWith('.'))
    return undefined
  const addresses = [foldAddress(address), ...inName]
  return inName.length === 0
    ? { addresses, clear: true, more: false }
    : { addresses, clear: false, more: false, byName: true }
}

/** For Python's email an address whose domain ends in a dot is none, and the name that stands in front of it is the address. */
const isNameForDot = (value: string, written: readonly string[]): boolean =>
  written.some(address => address.endsWith('.')) &&
  decodeWords(value).split('@').length - 1 > written.length

/** The addresses of a group of well-formed mailboxes (RFC 5322 §3.4, RFC 6854) that is all there is in the field. */
function groupIn(value: string): readonly string[] | undefined {
  const text = trimmed(value)
  const colon = text.indexOf(':')
  if (!text.endsWith(';') || !GROUP_NAME.test(text.slice(0, Math.max(0, colon)))) return undefined
  const members = mailboxes(text.slice(colon + 1, -1), [])
  const written = members?.addresses.map(utf8) ?? []
  const isPlain = members && !members.loose && written.length > 0 && written.every(isAddress)
  return isPlain ? written.map(foldAddress) : undefined
}

/** Characters that no mail program interprets. */
const GROUP_NAME = /^(?:[\w .'-]{1,100}|"[\w .'-]{1,100}")$/

/** The value with a line feed at each fold. */
function folded(value: string, folds: readonly number[]): string {
  const starts = [0, ...folds]
  return starts.map((at, i) => value.slice(at, starts[i + 1])).join('\n')
}

/** Decoding encoded words adds no address and no special character: programs that decode first read the same addresses. */
function saysNoMore(value: string, addresses: number): boolean {
  const decoded = decodeWords(value)
  const ats = decoded.split('@').length - 1
  const specials = (text: string) => text.split(SPECIAL).length
  return ats === addresses && !decoded.includes('=?') && specials(decoded) === specials(value)
}

const SPECIAL = /[()<>[\]:;@\\,"]/

/** A header is read as one character a byte; it may be UTF-8 (RFC 6532). */
const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/**
 * An address that all mail programs read alike: without an encoded word (RFC 2047 §5 forbids it there, and some decode it), and quoted
 * only where the quotes are not needed (RFC 5321 §4.1.2). The domain may end in a dot.
 */
function isAddress(text: string): boolean {
  const local = text.slice(0, text.lastIndexOf('@'))
  const isSafe = NEEDLESSLY_QUOTED.test(local) || !/[\s"]|=\?/.test(local)
  return isSafe && parseMailAddress(text) !== undefined
}

const NEEDLESSLY_QUOTED = /^"[\w.+-]{1,64}"$/
