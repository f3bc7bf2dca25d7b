// Paths and parameters of MAIL and RCPT (RFC 5321 §4.1.2): `<local@domain> SIZE=1000 BODY=8BITMIME`.

import { domainToASCII } from 'node:url'
import { isAscii, parseMailAddress } from '../../model/mail-address.ts'

/** RFC 6531 §3.5. */
export const NEEDS_UTF8 =
  '553 5.6.7 An address with more than ASCII needs SMTPUTF8 after MAIL FROM\r\n'

export type ParsedPath = {
  /** Domains in A-labels: however it was written, there is one spelling of it from here on. */
  readonly address: string
  /** It was written with more than ASCII: only in a transaction under SMTPUTF8 (RFC 6531). */
  readonly utf8: boolean
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Parses what follows `MAIL FROM:` or `RCPT TO:`; the address is empty for `<>`. Undefined when it is malformed.
 * A source route is read and dropped (§C), a space after the colon is forgiven: old programs write one.
 */
export function parsePath(text: string): ParsedPath | undefined {
  const match = /^\s?<(?:@[^:>]{1,255}:)?((?:"(?:[^"\\]|\\.)*"|[^"<>\s])*)>(.*)$/.exec(text)
  if (!match) return undefined
  const raw = match[1] as string
  const parameters = parseParameters(match[2] as string)
  if (!parameters) return undefined
  if (raw === '') return { address: '', utf8: false, parameters }
  // §4.5.1: postmaster needs no domain.
  if (raw.toLowerCase() === 'postmaster') return { address: 'postmaster', utf8: false, parameters }
  const utf8 = !isAscii(raw)
  const parsed = parseMailAddress(utf8 ? withAsciiDomain(raw) : raw)
  return parsed ? { address: `${parsed.local}@${parsed.domain}`, utf8, parameters } : undefined
}

function withAsciiDomain(raw: string): string {
  const at = raw.lastIndexOf('@')
  const domain = raw.slice(at + 1)
  return `${raw.slice(0, at)}@${isAscii(domain) ? domain : domainToASCII(domain)}`
}

function parseParameters(text: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>()
  if (text === '') return parameters
  if (!text.startsWith(' ')) return undefined
  for (const word of text.trim().split(/ +/).filter(Boolean)) {
    const parsed = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?$/.exec(word)
    if (!parsed) return undefined
    parameters.set((parsed[1] as string).toUpperCase(), parsed[2] ?? '')
  }
  return parameters
}
