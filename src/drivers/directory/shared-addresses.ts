// Leases where some addresses are shared by arithmetic: a question about an outside address becomes one about the home behind it.

import type { Holder } from '../../model/lease.ts'
import { type DeterministicMap, insideOf } from '../../model/shared-address.ts'
import type { MemoryLeases } from './leases-memory.ts'

const SHARED: Holder = Object.freeze({ sure: 'ambiguous' })

export function withSharedAddresses(
  leases: MemoryLeases,
  maps: readonly DeterministicMap[],
): MemoryLeases {
  if (maps.length === 0) return leases
  return {
    open: lease => leases.open(lease),
    close: (lease, at) => leases.close(lease, at),
    current: subscriber => leases.current(subscriber),
    taken: subscriber => leases.taken(subscriber),
    standing: (realm, prefix) => leases.standing(realm, prefix),
    around: (realm, prefix) => leases.around(realm, prefix),
    within: (realm, prefix) => leases.within(realm, prefix),
    begunSince: (realm, prefix, at) => leases.begunSince(realm, prefix, at),
    all: () => leases.all(),
    isDoubtful: lease => leases.isDoubtful(lease),
    doubt: isDoubtful => leases.doubt(isDoubtful),
    holder: (realm, address, port) => {
      const inside = insideOf(maps, { realm, address, port })
      if (inside === undefined) return leases.holder(realm, address, port)
      return inside === 'shared' ? SHARED : leases.holder(inside.realm, inside.address, undefined)
    },
    holderAt: (realm, address, port, at) => {
      const inside = insideOf(maps, { realm, address, port })
      if (inside === undefined) return leases.holderAt(realm, address, port, at)
      return inside === 'shared'
        ? SHARED
        : leases.holderAt(inside.realm, inside.address, undefined, at)
    },
  }
}
