// Port 25 of a part is opened again.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

export const rollbackRollout = async (
  { rollouts }: Pick<OrderParts, 'rollouts'>,
  given: GivenOrderOf<'rollback-rollout'>,
): Promise<OrderOutcome> => rollouts?.order(given) ?? refused('There is no rollout here.')
