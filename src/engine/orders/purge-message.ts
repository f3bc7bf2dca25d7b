// A held message is deleted.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { settleMessage } from './settle-message.ts'

export const purgeMessage = (
  parts: Pick<OrderParts, 'spool' | 'reporter'>,
  given: GivenOrderOf<'purge-message'>,
): Promise<OwnersOutcome> => settleMessage(parts, given)
