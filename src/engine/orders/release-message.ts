// A held message goes on its way.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { settleMessage } from './settle-message.ts'

export const releaseMessage = (
  parts: Pick<OrderParts, 'spool' | 'reporter'>,
  given: GivenOrderOf<'release-message'>,
): Promise<OwnersOutcome> => settleMessage(parts, given)
