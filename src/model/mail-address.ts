// A mailbox as SMTP knows it: local part and domain (RFC 5321 §4.1.2). Not the display form of a header.

export type MailAddress = { readonly local: string; readonly domain: string }

// RFC 5321 §4.5.3.1: a local part to 64 octets, a domain to 255, a path to 256 with its brackets.
const MAX_LOCAL = 64
const MAX_DOMAIN = 255
const MAX_PATH = 254

// RFC 6531 §3.3 adds UTF-8 to both; U+FFFD stands for bytes that were none.
const ATOM =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{a1}-\u{fffc}\u{10000}-\u{10ffff}-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{a1}-\u{fffc}\u{10000}-\u{10ffff}-]+)*$/u
const QUOTED = /^"(?:[^"\\\r\n\0\u{fffd}]|\\[^\r\n\0\u{fffd}])*"$/u
const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/

/** Parses `local@domain`; the domain comes out in lower case. Undefined when it is not a mailbox. */
export function parseMailAddress(text: string): MailAddress | undefined {
  if (text.length > MAX_PATH) return undefined
  const at = text.lastIndexOf('@')
  if (at < 1) return undefined
  const local = text.slice(0, at)
  const domain = text.slice(at + 1).toLowerCase()
  if (octets(local) > MAX_LOCAL || !(ATOM.test(local) || QUOTED.test(local))) return undefined
  return isDomain(domain) || isLiteral(domain) ? { local, domain } : undefined
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text)
}

/** Local parts are counted in octets of UTF-8. */
function octets(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length
}

/** True for a host or domain name with at least one label; not for an address literal. */
export function isDomain(text: string): boolean {
  if (text.length === 0 || text.length > MAX_DOMAIN) return false
  return text.split('.').every(label => label.length <= 63 && LABEL.test(label))
}

/** The form in which two spellings of one of *our* mailboxes are equal: all in lower case. */
export function foldAddress(text: string): string {
  return text.toLowerCase()
}

/** A login as the address it stands for: other mail servers leave out the domain of their own customers. */
export function loginAddress(login: string, ourDomain: string): string {
  return foldAddress(login.includes('@') ? login : `${login}@${ourDomain}`)
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

function isLiteral(domain: string): boolean {
  return /^\[(?:ipv6:[0-9a-f:.]+|[0-9.]+)\]$/.test(domain)
}
