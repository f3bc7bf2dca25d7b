// Attempts the delivery of every deferred message now.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { done } from './outcome.ts'

export async function flushQueue(
  { spool }: Pick<OrderParts, 'spool'>,
  { at }: GivenOrderOf<'flush-queue'>,
): Promise<OrderOutcome> {
  const count = await spool.flush(at)
  return done(`${count} recipient${count === 1 ? ' is' : 's are'} attempted now.`)
}
