// When leases that an order reports begin and end: not in the future. One that begins tomorrow would take the address from its present
// holder, and every true news of the address would come late until then.

import { type Lease, MAX_AHEAD } from '../../model/lease.ts'
import type { Refused } from '../../model/order.ts'
import { refused } from './outcome.ts'

type Bounded = { readonly leases: readonly Lease[] } | { readonly refused: Refused }

/** With times of ours for those a little ahead, as a RADIUS packet's; refused with a sentence that names the first beyond. */
export function leasesUntil(now: number, leases: readonly Lease[]): Bounded {
  const far = leases.find(({ from, to = 0 }) => Math.max(from, to) > now + MAX_AHEAD)
  if (far) {
    const what = far.from > now + MAX_AHEAD ? 'begin' : 'end'
    return {
      refused: refused(
        `${far.prefix} of ${far.subscriber} would ${what} in the future; nothing was done. Write a time that has been, in ms since 1970.`,
      ),
    }
  }
  const bounded = leases.map(lease => ({
    ...lease,
    from: Math.min(lease.from, now),
    ...(lease.to === undefined ? {} : { to: Math.min(lease.to, now) }),
  }))
  return { leases: bounded }
}
