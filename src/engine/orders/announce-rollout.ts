// Customers of a part are told that port 25 will be closed.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

export const announceRollout = async (
  { rollouts }: Pick<OrderParts, 'rollouts'>,
  given: GivenOrderOf<'announce-rollout'>,
): Promise<OrderOutcome> => rollouts?.order(given) ?? refused('There is no rollout here.')
