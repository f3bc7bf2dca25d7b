// An address belongs to a customer from now on.

import type { OrderOutcome } from '../../model/order.ts'
import type { Given } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { done } from './outcome.ts'

export async function openLease(
  { moveLeases }: Pick<OrderParts, 'moveLeases'>,
  { order: { lease } }: Given<'open-lease'>,
): Promise<OrderOutcome> {
  await moveLeases([{ kind: 'open', lease }])
  return done(`${lease.prefix} belongs to ${lease.subscriber}.`)
}
