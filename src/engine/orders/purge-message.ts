// A held message is deleted.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import { settleMessage, type SettleParts } from './settle-message.ts'

export const purgeMessage = (
  parts: SettleParts,
  given: GivenOrderOf<'purge-message'>,
): Promise<OwnersOutcome> => settleMessage(parts, given)
