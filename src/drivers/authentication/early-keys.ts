// Asks for the keys of all signatures at once, as soon as the header is there. Mailauth asks for one after the other: signatures of domains
// whose servers do not answer would use up the time, and the author's own key would not be asked for (RFC 6376 §6.1.2 says nothing of order).

import type { AskDns } from '../lookups/node-resolver.ts'
import { tagOf } from './signature-tags.ts'

export type EarlyKeys = {
  /** As the resolver. A query that was made before gets the same answer, also after the time is over. */
  readonly ask: AskDns
  /** Starts the queries for the keys of the DKIM-Signature fields in `header`. */
  readonly header: (header: Buffer) => void
}

export function earlyKeys(resolver: AskDns): EarlyKeys {
  const answers = new Map<string, Promise<string[]>>()
  const ask: AskDns = (name, type) => {
    const question = `${type} ${name.toLowerCase()}`
    const known = answers.get(question) ?? resolver(name, type)
    answers.set(question, known)
    return known
  }
  return {
    ask,
    header: header => {
      // A failure is reported to mailauth, when mailauth queries.
      for (const name of keyNames(header.toString('latin1')))
        ask(name, 'TXT').catch(() => undefined)
    },
  }
}

/** Names that need no decoding; others are queried when mailauth reaches them. */
const PLAIN = /^[\w.-]+$/

function keyNames(header: string): ReadonlySet<string> {
  const names = header
    .split(/\n(?![ \t])/)
    .filter(field => /^dkim-signature[ \t]*:/i.test(field))
    .map(field => {
      const [domain, selector] = ['d', 's'].map(name => tagOf(field, name).replaceAll(/\s+/g, ''))
      return `${selector}._domainkey.${domain}`
    })
  return new Set(names.filter(name => PLAIN.test(name)))
}
