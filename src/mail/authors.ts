// The authors that a message names: the From field (RFC 5322 §3.6.2). Used to *authorise*, so it is read strictly; where the strict
// reading finds text that mail programs read differently, the field is not clear, and all that any program may take for an address is one.

import { foldAddress, parseMailAddress } from '../model/mail-address.ts'
import { decodedNamesAreNames } from './decoded-names.ts'
import { type Field, trimmed } from './header.ts'
import { decodeWords } from './mime/encoded-words.ts'
import { mailboxes } from './mailboxes.ts'
import { possibleAddresses } from './possible-addresses.ts'
import { ReadingBudget } from './reading-budget.ts'

export type Authors = {
  /** All that a mail program may read, folded to lower case; text that is no address stands as it is written. */
  readonly addresses: readonly string[]
  /** There is one From field, and every mail program reads the same addresses in it, at least one. */
  readonly clear: boolean
  /** A mail program may read more than `addresses`: the field is too long, has too many addresses, or a character set that hides them. */
  readonly more: boolean
}

/** All From fields together: no honest list of authors is longer, and reading it would cost too much. */
export const MAX_FROM = 10_000

/** The form of nearly all From fields. */
const SIMPLE =
  /^(?:(?:[\w'-](?:[\w .'-]{0,200}[\w '-])?)?<((?:[\w.+-]{1,64}|"[\w.+-]{1,64}")@[\w.-]{1,255})>|((?:[\w.+-]{1,64}|"[\w.+-]{1,64}")@[\w.-]{1,255}))$/

/** Nearly all others: the name is in quotes, on the line of its address. */
const QUOTED = /^"[\w .,'-]{1,200}" ?<([\w.+-]{1,64}@[\w.-]{1,255})>$/

const TOO_LONG: Authors = { addresses: [], clear: false, more: true }

/**
 * Steps that all fields of addresses of one message may take which are not well formed; the oddest that is not made to be slow takes a
 * sixth. Beyond it there may be more authors.
 */
export const ADDRESS_STEPS = 512 * 1024

/** `name`: another field of addresses, read in the same way; with what the budget has left, if it is given to both. */
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
  const isPlain = addresses.length > 0 && written.every(isAddress) && decodedNamesAreNames(value)
  if (strict && isPlain && !strict.loose) return { addresses, clear: true, more: false }
  const possible = possibleAddresses(utf8(folded(value, folds)), budget)
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

/** Nothing in it that has a meaning for any mail program. */
const GROUP_NAME = /^(?:[\w .'-]{1,100}|"[\w .'-]{1,100}")$/

/** The value with a line feed where a line ended. */
function folded(value: string, folds: readonly number[]): string {
  const starts = [0, ...folds]
  return starts.map((at, i) => value.slice(at, starts[i + 1])).join('\n')
}

/** Nothing that is quoted, encoded or in a comment would have a meaning if it were not. */
function saysNoMore(value: string, addresses: number): boolean {
  const decoded = decodeWords(value)
  const ats = decoded.split('@').length - 1
  const specials = (text: string) => text.split(SPECIAL).length
  return ats === addresses && !decoded.includes('=?') && specials(decoded) === specials(value)
}

const SPECIAL = /[()<>[\]:;@\\,"]/

/** RFC 6532: a header may be UTF-8, and comes as one character a byte. */
const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/**
 * An address, none that some readers decode (RFC 2047 §5 forbids an encoded word there); quoted is only what need not be (RFC 5321
 * §4.1.2), which all readers take for the same. The root's dot may stand behind it.
 */
function isAddress(text: string): boolean {
  const local = text.slice(0, text.lastIndexOf('@'))
  const isSafe = NEEDLESSLY_QUOTED.test(local) || !/[\s"]|=\?/.test(local)
  return isSafe && parseMailAddress(text) !== undefined
}

const NEEDLESSLY_QUOTED = /^"[\w.+-]{1,64}"$/
