// Leases of different customers that lie in one another. The longest prefix says whose an address is; what a router does about the wider
// prefix would meet the others in it.

import type { Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'

type LeasePlace = Pick<Lease, 'realm' | 'prefix' | 'subscriber'>

/** Open leases of other customers in this one. */
export const othersIn = (
  leases: Pick<Leases, 'within'>,
  { realm, prefix, subscriber }: LeasePlace,
): readonly Lease[] => leases.within(realm, prefix).filter(inner => inner.subscriber !== subscriber)

/** Customers whose wider prefixes this one lies in. */
export const customersAround = (
  leases: Pick<Leases, 'around'>,
  { realm, prefix, subscriber }: LeasePlace,
): readonly string[] =>
  leases
    .around(realm, prefix)
    .map(outer => outer.subscriber)
    .filter(id => id !== subscriber)
