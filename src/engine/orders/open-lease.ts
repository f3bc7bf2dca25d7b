// An address belongs to a customer from now on, if there is such a customer.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { leasesUntil } from './lease-times.ts'
import { done, refused } from './outcome.ts'

export async function openLease(
  { subscribers, leases, moveLeases }: Pick<OrderParts, 'subscribers' | 'leases' | 'moveLeases'>,
  { order: { lease }, at }: GivenOrderOf<'open-lease'>,
): Promise<OrderOutcome> {
  if (!subscribers.get(lease.subscriber))
    return refused(`There is no customer ${lease.subscriber}.`)
  const bounded = leasesUntil(at, [lease])
  if ('refused' in bounded) return bounded.refused
  await moveLeases(bounded.leases.map(one => ({ kind: 'open', lease: one })))
  const stands = leases
    .current(lease.subscriber)
    .some(one => one.realm === lease.realm && one.prefix === lease.prefix)
  if (lease.to === undefined && !stands)
    return done(
      `${lease.prefix} belonged to ${lease.subscriber} then; another customer has had it since.`,
    )
  return done(`${lease.prefix} belongs to ${lease.subscriber}.`)
}
