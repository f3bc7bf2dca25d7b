// What is promised of packets that are told again, or late, and of clocks that are put back meanwhile.

import type { Mutation } from './mutation.ts'

export const COPIES: readonly Mutation[] = [
  {
    row: 61,
    what: 'a copy of a Start gives back the address that its session had first',
    file: 'src/sensors/radius/session.ts',
    find: 'kinds.has(kind) && !wasTold(prefix)',
    replace: 'kinds.has(kind) && !known.leases.has(prefix)',
    test: 'src/sensors/radius/copies.test.ts',
  },
  {
    row: 61,
    what: 'a Start of the other family takes the first address away',
    file: 'src/sensors/radius/session.ts',
    find: 'kinds.has(kind) && !wasTold(prefix)',
    replace: '!wasTold(prefix)',
    test: 'src/sensors/radius/copies.test.ts',
  },
]
