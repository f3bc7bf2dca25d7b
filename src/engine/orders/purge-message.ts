// A held message is deleted.

import type { OrderOutcome } from '../../model/order.ts'
import type { Given } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { settleMessage } from './settle-message.ts'

export const purgeMessage = (
  parts: Pick<OrderParts, 'spool' | 'reporter'>,
  given: Given<'purge-message'>,
): Promise<OrderOutcome> => settleMessage(parts, given)
