// An address belongs to a customer from now on, if there is such a customer.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { leasesUntil } from './lease-times.ts'
import { type DryRunParts, linesMoved } from './lines-changed.ts'
import { done, refused } from './outcome.ts'

export async function openLease(
  parts: Pick<OrderParts, 'moveLeases'> & DryRunParts,
  { order: { lease, dryRun }, at }: GivenOrderOf<'open-lease'>,
): Promise<OrderOutcome> {
  const { subscribers, leases } = parts
  if (!subscribers.get(lease.subscriber))
    return refused(`There is no customer ${lease.subscriber}.`)
  const bounded = leasesUntil(at, [lease])
  if ('refused' in bounded) return bounded.refused
  const changes = bounded.leases.map(one => ({ kind: 'open', lease: one }) as const)
  if (dryRun) return done(linesMoved(parts, changes, at))
  await parts.moveLeases(changes)
  const stands = leases
    .current(lease.subscriber)
    .some(one => one.realm === lease.realm && one.prefix === lease.prefix)
  if (lease.to === undefined && !stands)
    return done(
      `${lease.prefix} belonged to ${lease.subscriber} then; another customer has had it since.`,
    )
  return done(`${lease.prefix} belongs to ${lease.subscriber}.`)
}
