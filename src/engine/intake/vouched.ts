// Who really sent a message that came in, as far as SPF and DKIM tell: an address is theirs whose domain passed, or one of the same owner.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Authentication } from '../../model/authentication.ts'
import { domainOf } from '../../model/mail-address.ts'

/** Nobody is vouched for where nobody could tell. */
export function isVouched(
  authentication: Pick<Authentication, 'spf' | 'dkim'> | undefined,
  address: string,
): boolean {
  if (!authentication) return false
  const owner = organisationalDomain(domainOf(address))
  const { spf, dkim } = authentication
  return [spf, ...dkim].some(
    ({ result, domain }) => result === 'pass' && organisationalDomain(domain) === owner,
  )
}
