// Whether a message that came in is really from an address, as far as SPF and DKIM tell: its domain passed, or one of the same owner did.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Authentication } from '../../model/authentication.ts'
import { domainOf } from '../../model/mail-address.ts'

/** No address is vouched for where SPF and DKIM gave no answer. */
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
