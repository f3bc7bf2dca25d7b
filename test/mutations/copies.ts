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
  {
    row: 61,
    what: 'what a clock that was put back tells is certain at its stamp',
    file: 'src/sensors/radius/time-of-event.ts',
    find: '...(mayBeBack && { latest: sent.at }),',
    replace: '',
    test: 'src/sensors/radius/clock-put-back.test.ts',
  },
  {
    row: 61,
    what: 'the next customer is certain from the stamp of a clock that was put back',
    file: 'src/model/lease.ts',
    find: 'lease.begunBy !== undefined && at < lease.begunBy',
    replace: 'lease.begunBy !== undefined && at < 0',
    test: 'src/sensors/radius/clock-put-back.test.ts',
  },
  {
    row: 61,
    what: 'an address is no customer’s from the stamp of a Stop by a clock that was put back',
    file: 'src/model/lease.ts',
    find: 'since < (endedBy ?? to ??',
    replace: 'since < (to ??',
    test: 'src/sensors/radius/clock-put-back.test.ts',
  },
  {
    row: 61,
    what: 'a clock looks ahead by the delays that its access server tells',
    file: 'src/sensors/radius/time-of-event.ts',
    find: 'const isEither = delay > 0 &&',
    replace: 'const isEither = delay > 1e12 &&',
    test: 'src/sensors/radius/time-of-event.test.ts',
  },
  {
    row: 61,
    what: 'of a clock that is ahead more is learned than is true of its event and of its sending',
    file: 'src/sensors/radius/time-of-event.ts',
    find: 'arrival: isAhead ? now : sent.at',
    replace: 'arrival: isAhead ? sent.at : sent.at',
    test: 'src/sensors/radius/time-of-event.test.ts',
  },
  {
    row: 61,
    what: 'after a restart the copy of an older update gives back the address before',
    file: 'src/sensors/radius/sessions.ts',
    find: 'session.last = Math.max(session.last, lease.from)',
    replace: '',
    test: 'src/sensors/radius/copies.test.ts',
  },
]
