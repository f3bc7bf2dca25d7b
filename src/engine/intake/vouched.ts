// Whether SPF or DKIM passed for the domain of an address, or for a domain of the same owner (organisational domain).

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Authentication } from '../../model/authentication.ts'
import { domainOf } from '../../model/mail-address.ts'

/** False where SPF and DKIM gave no answer. */
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
