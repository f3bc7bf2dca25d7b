// An address belongs to a customer no longer.

import { isMeant, type Lease } from '../../model/lease.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { type DryRunParts, linesMoved } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function closeLease(
  parts: Pick<OrderParts, 'moveLeases'> & DryRunParts,
  { order: { lease, dryRun }, at }: GivenOrderOf<'close-lease'>,
): Promise<OrderOutcome> {
  if (!isHeld(parts, lease))
    return refused(
      `${lease.subscriber} has no lease of ${lease.prefix} now, in the address space ${lease.realm}. Nothing was done.`,
    )
  const change = { kind: 'close', lease: { ...lease, to: at } } as const
  if (dryRun) return done(linesMoved(parts, [change], at))
  await parts.moveLeases([change])
  return done(`${lease.prefix} left ${lease.subscriber}.`)
}

/** As it stands, or taken by another customer (then it is told that it is over). */
const isHeld = ({ leases }: DryRunParts, lease: Lease): boolean =>
  [
    ...leases.standing(lease.realm, lease.prefix),
    ...leases.taken(lease.subscriber).filter(one => isSamePlace(one, lease)),
  ].some(one => isMeant(lease, one))

const isSamePlace = (a: Lease, b: Lease): boolean => a.realm === b.realm && a.prefix === b.prefix
