// An address on the command line: [REALM/]ADDRESS[:PORT].

import { canonicalIp } from '../model/ip.ts'
import { UsageError } from './failures.ts'

/** Throws when it is no address. */
export function parseAsked(text: string): { realm: string; address: string; port?: string } {
  const slash = text.indexOf('/')
  const [realm, rest] = slash < 0 ? ['main', text] : [text.slice(0, slash), text.slice(slash + 1)]
  const [, bracketed, inBrackets] = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(rest) ?? []
  const [, four, afterFour] = /^([\d.]+):(\d{1,5})$/.exec(rest) ?? []
  const address = canonicalIp(bracketed ?? four ?? rest)
  if (address === undefined)
    throw new UsageError(
      `${text} is no address. Write 203.0.113.7, 203.0.113.7:40112 or [2001:db8::1]:40112.`,
    )
  const port = inBrackets ?? afterFour
  return { realm, address, ...(port === undefined ? {} : { port }) }
}
