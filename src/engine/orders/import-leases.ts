// Many leases, of customers that are known.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { type DryRunParts, linesMoved } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { leasesUntil } from './lease-times.ts'
import { done } from './outcome.ts'

export async function importLeases(
  parts: Pick<OrderParts, 'moveLeases'> & DryRunParts,
  { order: { leases, dryRun }, at }: GivenOrderOf<'import-leases'>,
): Promise<OrderOutcome> {
  const bounded = leasesUntil(at, leases)
  if ('refused' in bounded) return bounded.refused
  const known = bounded.leases.filter(({ subscriber }) => parts.subscribers.get(subscriber))
  const changes = known.map(lease => ({ kind: 'open', lease }) as const)
  const unknown = leases.length - known.length
  const left = unknown === 0 ? '.' : `; ${unknown} left out: their customers are unknown.`
  if (dryRun)
    return done(`${linesMoved(parts, changes, at)} ${leasesIn(known.length)} would be known${left}`)
  await parts.moveLeases(changes)
  return done(`${leasesIn(known.length)} ${known.length === 1 ? 'is' : 'are'} known${left}`)
}

const leasesIn = (count: number): string => (count === 1 ? 'One lease' : `${count} leases`)
