// Many leases, of customers that are known.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { leasesUntil } from './lease-times.ts'
import { done } from './outcome.ts'

export async function importLeases(
  { subscribers, moveLeases }: Pick<OrderParts, 'subscribers' | 'moveLeases'>,
  { order: { leases }, at }: GivenOrderOf<'import-leases'>,
): Promise<OrderOutcome> {
  const bounded = leasesUntil(at, leases)
  if ('refused' in bounded) return bounded.refused
  const known = bounded.leases.filter(({ subscriber }) => subscribers.get(subscriber))
  await moveLeases(known.map(lease => ({ kind: 'open', lease })))
  const unknown = leases.length - known.length
  return done(
    `${known.length} leases are known${unknown === 0 ? '.' : `; ${unknown} left out: their customers are unknown.`}`,
  )
}
