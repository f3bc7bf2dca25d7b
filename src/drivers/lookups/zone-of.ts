// Of which zone a name is: what one owner answers for, and pays for with its turns.

import { organisationalDomain } from '../../mail/organisational-domain.ts'

/** Labels of a reverse zone: a /24 of IPv4, a /48 of IPv6. Smaller ones are rarely given away. */
const REVERSE = { '.in-addr.arpa': 5, '.ip6.arpa': 14 } as const

export function zoneOf(name: string): string {
  const lower = name.toLowerCase()
  for (const [end, labels] of Object.entries(REVERSE))
    if (lower.endsWith(end)) return lower.split('.').slice(-labels).join('.')
  return organisationalDomain(lower)
}
