// An address belongs to a customer no longer.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { type DryRunParts, linesMoved } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { done } from './outcome.ts'

export async function closeLease(
  parts: Pick<OrderParts, 'moveLeases'> & DryRunParts,
  { order: { lease, dryRun }, at }: GivenOrderOf<'close-lease'>,
): Promise<OrderOutcome> {
  const change = { kind: 'close', lease: { ...lease, to: at } } as const
  if (dryRun) return done(linesMoved(parts, [change], at))
  await parts.moveLeases([change])
  return done(`${lease.prefix} left ${lease.subscriber}.`)
}
