// An address belongs to a customer from now on, if there is such a customer.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { leasesUntil } from './lease-times.ts'
import { done, refused } from './outcome.ts'

export async function openLease(
  { subscribers, moveLeases }: Pick<OrderParts, 'subscribers' | 'moveLeases'>,
  { order: { lease }, at }: GivenOrderOf<'open-lease'>,
): Promise<OrderOutcome> {
  if (!subscribers.get(lease.subscriber))
    return refused(`There is no customer ${lease.subscriber}.`)
  const bounded = leasesUntil(at, [lease])
  if ('refused' in bounded) return bounded.refused
  await moveLeases(bounded.leases.map(one => ({ kind: 'open', lease: one })))
  return done(`${lease.prefix} belongs to ${lease.subscriber}.`)
}
