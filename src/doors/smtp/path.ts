// Paths and parameters of MAIL and RCPT (RFC 5321 §4.1.2): `<local@domain> SIZE=1000 BODY=8BITMIME`.

import type { Setup } from './state.ts'
import { isAscii, parseMailAddress } from '../../model/mail-address.ts'

/** A value is undefined where no `=` stands behind the name. */
export type Parameters = ReadonlyMap<string, string | undefined>

/** RFC 6531 §3.5. */
export const NEEDS_UTF8 =
  '553 5.6.7 Must declare SMTPUTF8 after MAIL FROM to send to or from a Unicode address\r\n'

export type ParsedPath = {
  /** The domain in A-labels: from here on an address has one spelling, however the client wrote it. */
  readonly address: string
  /** The client wrote it with more than ASCII: allowed only under SMTPUTF8 (RFC 6531). */
  readonly utf8: boolean
  /** `problem`: the whole reply line that says what is wrong with them. */
  readonly parameters: Parameters | { readonly problem: string }
}

/** Without a domain these stand for the addresses of our own domain. */
const ROLES = ['postmaster', 'abuse'] as const
export type Role = (typeof ROLES)[number]
export const isRole = (address: string): address is Role => ROLES.some(role => role === address)

/** Angle brackets, which old programs leave out: a printer writes `MAIL FROM:me@home.example`. */
type Brackets = 'needed' | 'optional'

/** Optional for a trusted network's devices alone: elsewhere a client that writes none is no mail program. */
export const bracketsAt = ({ listener }: Pick<Setup, 'listener'>): Brackets =>
  listener === 'trusted-network' ? 'optional' : 'needed'

const BRACKETED =
  /^[ \t]*<[ \t]*(?:(?:@[^:>]{1,255}:)?((?:"(?:[^"\\]|\\.)*"|[^"<>\s])+)[ \t]*)?>((?:[ \t].*)?)$/
const BARE = /^[ \t]*([^"<>\s]+)((?:[ \t].*)?)$/

/** What stands behind `FROM:` or `TO:`; undefined when that is not there. Old programs write two spaces behind the verb. */
export const behindWord = (args: string, word: 'FROM:' | 'TO:'): string | undefined => {
  const text = args.trimStart()
  return text.slice(0, word.length).toUpperCase() === word ? text.slice(word.length) : undefined
}

/**
 * Parses what follows `MAIL FROM:` or `RCPT TO:`; the address is empty for `<>`. Undefined when it is malformed.
 * A source route is read and dropped (§C), spaces and tabs around an address are forgiven: old programs write them.
 */
export function parsePath(text: string, brackets: Brackets = 'needed'): ParsedPath | undefined {
  const match = BRACKETED.exec(text) ?? (brackets === 'optional' ? BARE.exec(text) : undefined)
  if (!match) return undefined
  const raw = match[1] ?? ''
  const parameters = parseParameters(match[2] as string)
  if (raw === '') return { address: '', utf8: false, parameters }
  const role = roleAlone(raw)
  if (role !== undefined) return { address: role, utf8: false, parameters }
  const parsed = parseMailAddress(raw)
  const utf8 = !isAscii(raw)
  return parsed ? { address: `${parsed.local}@${parsed.domain}`, utf8, parameters } : undefined
}

/** §4.5.1: postmaster needs no domain, and neither does abuse (RFC 2142 §4); quoted, they are the same. */
function roleAlone(raw: string): Role | undefined {
  if (raw.length > 30) return undefined
  const name = raw.replaceAll(/^"|"$|\\(?=[^\\])/g, '').toLowerCase()
  return ROLES.find(role => role === name)
}

function parseParameters(text: string): ParsedPath['parameters'] {
  const parameters = new Map<string, string | undefined>()
  for (const word of text.trim().split(/[ \t]+/)) {
    if (word === '') continue
    // A value with `=` in it (base64, SRS) is against §4.1.2, and common: the code that knows the parameter judges its value.
    const parsed = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x7e]*))?$/.exec(word)
    if (!parsed)
      return { problem: '501 5.5.4 Bad parameter syntax; syntax: NAME or NAME=value\r\n' }
    const name = (parsed[1] as string).toUpperCase()
    // RFC 5321 §4.1.1.11: which of the two would count?
    if (parameters.has(name)) return { problem: `501 5.5.4 ${name} is given twice\r\n` }
    parameters.set(name, parsed[2])
  }
  return parameters
}
