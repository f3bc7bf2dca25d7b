// A held message is deleted.

import type { Given } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { settleMessage } from './settle-message.ts'

export const purgeMessage = (
  parts: Pick<OrderParts, 'spool' | 'reporter'>,
  given: Given<'purge-message'>,
): Promise<OwnersOutcome> => settleMessage(parts, given)
