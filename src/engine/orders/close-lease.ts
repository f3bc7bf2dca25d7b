// An address belongs to a customer no longer.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { done } from './outcome.ts'

export async function closeLease(
  { moveLeases }: Pick<OrderParts, 'moveLeases'>,
  { order: { lease }, at }: GivenOrderOf<'close-lease'>,
): Promise<OrderOutcome> {
  await moveLeases([{ kind: 'close', lease: { ...lease, to: at } }])
  return done(`${lease.prefix} left ${lease.subscriber}.`)
}
