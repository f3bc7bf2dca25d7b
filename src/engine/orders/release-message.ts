// A held message goes on its way.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import { settleMessage, type SettleParts } from './settle-message.ts'

export const releaseMessage = (
  parts: SettleParts,
  given: GivenOrderOf<'release-message'>,
): Promise<OwnersOutcome> => settleMessage(parts, given)
