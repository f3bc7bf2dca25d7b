// For a customer who has lost their second factor and has called the service desk.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function removeFactor(
  { optOut }: Pick<OrderParts, 'optOut'>,
  { order }: GivenOrderOf<'remove-factor'>,
): Promise<OrderOutcome> {
  if (!optOut) return noOptOuts
  if (!optOut.factors.has(order.subscriber))
    return refused(`${order.subscriber} has no second factor.`)
  await optOut.factors.remove(order.subscriber)
  return done(`The second factor of ${order.subscriber} is gone.`)
}
