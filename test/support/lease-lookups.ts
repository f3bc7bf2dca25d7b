// What a sensor asks of leases.

import type { Leases } from '../../src/ports/leases.ts'

type Lookups = Pick<Leases, 'standing' | 'begunSince' | 'within' | 'around'>

export const lookupsOf = (leases: Lookups): Lookups => ({
  standing: (realm, prefix) => leases.standing(realm, prefix),
  begunSince: (realm, prefix, at) => leases.begunSince(realm, prefix, at),
  within: (realm, prefix) => leases.within(realm, prefix),
  around: (realm, prefix) => leases.around(realm, prefix),
})
