// A mailbox as SMTP knows it: local part and domain (RFC 5321 §4.1.2). Not the display form of a header. One address has many
// spellings: quoted or not, composed or decomposed, U-labels or A-labels, with the root's dot; here they become one.

import { canonicalIp } from './ip.ts'
import { normalForm } from './normal-form.ts'

export type MailAddress = { readonly local: string; readonly domain: string }

// RFC 5321 §4.5.3.1 has 64 octets for a local part and 256 for a path, and wants no server to insist on them: tagged senders (VERP, SRS,
// BATV) and tokens to leave a list are longer. A domain has its bound from the DNS.
const MAX_ADDRESS = 1000
const MAX_DOMAIN = 255

// RFC 6531 §3.3 adds UTF-8 to both; U+FFFD stands for bytes that were none. Dots may stand anywhere: telephone companies gave away such
// addresses for years.
const PLAIN = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u{a1}-\u{fffc}\u{10000}-\u{10ffff}-]+$/u
// RFC 5321 §4.1.2: no control characters in a quoted string, escaped ones neither.
const QUOTED = /^"((?:[^"\\\p{Cc}\u{fffd}]|\\[^\p{Cc}\u{fffd}])*)"$/u
// RFC 1035 §2.3.4: 63 octets to a label.
const DOMAIN =
  /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*$/

/** Parses `local@domain` into its one spelling; the case of the local part stays. Undefined when it is not a mailbox. */
export function parseMailAddress(text: string): MailAddress | undefined {
  if (text.length > MAX_ADDRESS) return undefined
  const at = text.lastIndexOf('@')
  if (at < 1) return undefined
  const local = plainLocal(text.slice(0, at))
  if (local === undefined) return undefined
  const written = text.slice(at + 1)
  const domain = written.startsWith('[') ? literal(written) : foldDomain(written)
  if (domain === undefined || normalForm(local, 'NFC') === undefined) return undefined
  // An address without its brackets is no domain.
  const isName = isDomain(domain) && canonicalIp(domain) === undefined
  return isName || domain.startsWith('[') ? { local, domain } : undefined
}

/** What parses, in its one spelling; anything else as it is. */
export function canonicalAddress(text: string): string {
  const parsed = parseMailAddress(text)
  return parsed ? `${parsed.local}@${parsed.domain}` : text
}

/** RFC 5321 §4.1.2: a string that need not be quoted is the same without quotes, and nothing is escaped that need not be. */
function plainLocal(local: string): string | undefined {
  if (PLAIN.test(local)) return local
  const inner = QUOTED.exec(local)?.[1]?.replaceAll(/\\(.)/gsu, '$1')
  if (inner === undefined) return undefined
  return PLAIN.test(inner) ? inner : `"${inner.replaceAll(/["\\]/g, '\\$&')}"`
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text)
}

/** True for a host or domain name with at least one label; not for an address literal. */
export function isDomain(text: string): boolean {
  return text.length <= MAX_DOMAIN && DOMAIN.test(text)
}

/** In lower case, with A-labels (RFC 5890) and without the root's dot; what is no domain stays what it is, in lower case. */
export function foldDomain(text: string): string {
  const lower = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
  if (isAscii(lower)) return lower
  // What has a meaning in a URL (`%41`, a port, a path) is not for its parser to read.
  if (lower.length > MAX_DOMAIN || /[^a-z0-9_.\u0080-\uffff-]/.test(lower)) return lower
  return URL.parse(`http://${lower}`)?.hostname ?? lower
}

const ASCII_UNQUOTED = /^[!#-~]*$/

/** The form in which two spellings of one of *our* mailboxes are equal: all in lower case and NFC (what has none is no mailbox). */
export function foldAddress(text: string): string {
  if (ASCII_UNQUOTED.test(text) && !text.endsWith('.') && !text.endsWith(']'))
    return text.toLowerCase()
  const canonical = canonicalAddress(text)
  return (normalForm(canonical, 'NFC') ?? canonical).toLowerCase()
}

/**
 * The folded address without what its owner put behind the first delimiter (RFC 5233: `anna+shop@` is `anna@`). The same when there is
 * nothing behind one, and with the empty delimiter.
 */
export function withoutExtension(folded: string, delimiter: string): string {
  const at = folded.lastIndexOf('@')
  const local = at < 0 ? folded : folded.slice(0, at)
  const end = delimiter === '' ? -1 : local.indexOf(delimiter, local.startsWith('"') ? 2 : 1)
  if (end < 0) return folded
  const base = local.startsWith('"') ? `${local.slice(0, end)}"` : local.slice(0, end)
  return foldAddress(`${base}${at < 0 ? '' : folded.slice(at)}`)
}

/** The person an address stands for, where mail is counted: its owner chooses what is behind a `+`, which tells no people apart. */
export const personOf = (address: string, delimiter = '+'): string =>
  withoutExtension(foldAddress(address), delimiter)

/** A login as the address it stands for: other mail servers leave out the domain of their own customers. */
export function loginAddress(login: string, ourDomain: string): string {
  return foldAddress(login.includes('@') ? login : `${login}@${ourDomain}`)
}

export function domainOf(address: string): string {
  return foldDomain(address.slice(address.lastIndexOf('@') + 1))
}

/** RFC 5321 §4.1.3, in one spelling: `[192.0.2.1]`, `[ipv6:2001:db8::1]`. */
function literal(text: string): string | undefined {
  const [, six, inner = ''] = /^\[(ipv6:)?([0-9a-f:.]+)\]$/i.exec(text) ?? []
  const address = canonicalIp(inner)
  if (address === undefined || inner.includes(':') !== (six !== undefined)) return undefined
  return address.includes(':') ? `[ipv6:${address}]` : `[${address}]`
}
