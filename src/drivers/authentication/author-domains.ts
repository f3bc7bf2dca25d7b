// The domains whose policy DMARC asks for: those of all authors that may be read in From, by us or by mailauth. A message that has none, or
// has more than can be asked, or has one that is no name, has no author, and says so (RFC 9989 §5.3.1).

import { authorsOf } from '../../mail/authors.ts'
import { parseHeader } from '../../mail/header.ts'
import { queryName } from '../lookups/query-name.ts'
import type { MailauthResult } from './mailauth-result.ts'

/** Domains; honest mail has one or two. */
export const MAX_AUTHORS = 5

/** RFC 5321 §4.1.3; it has no record. */
const LITERAL = /@\[(?:ipv6:[0-9a-f:.]+|[0-9.]+)\]$/i

/** But for those that fold a field. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

/**
 * In lower case with A-labels, without the dot of the root. Empty: there are only addresses in brackets, which have no policy.
 * Undefined: it cannot be told.
 */
export function authorDomains({
  dkim,
}: Pick<MailauthResult, 'dkim'>): readonly string[] | undefined {
  const lines = (dkim.headers?.parsed ?? []).filter(({ key }) => key === 'from')
  // Mailauth leaves out control characters, where other readers stop.
  if (lines.some(({ line }) => CONTROL.test(line.toString('latin1')))) return undefined
  const fields = lines.flatMap(({ line }) => parseHeader(line).fields)
  const { addresses, clear, more } = authorsOf(fields)
  if (more) return undefined
  const theirs = dkim.headerFrom ?? []
  const certain = [...theirs, ...(clear ? addresses : [])]
  const domains = new Set<string>()
  for (const address of new Set([...certain, ...addresses])) {
    if (LITERAL.test(address)) continue
    for (const domain of domainsIn(address)) domains.add(domain)
  }
  if (domains.size > MAX_AUTHORS) return undefined
  const hasNoAuthor = domains.size === 0 && !certain.some(one => LITERAL.test(one))
  // What a mailbox is read in is a domain; what might be one may also be none.
  const isUnknown = certain.some(one => !LITERAL.test(one) && domainsIn(one).length === 0)
  return hasNoAuthor || isUnknown ? undefined : [...domains]
}

/** An address that can be read in two ways has two. */
export const domainsIn = (address: string): readonly string[] =>
  address
    .split('@')
    .slice(1)
    .flatMap(domain => queryName(domain.trim().toLowerCase().replace(/\.$/, '')) ?? [])
