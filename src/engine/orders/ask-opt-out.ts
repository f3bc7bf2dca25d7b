// A customer asks for port 25.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { askOptOut as carryOut } from '../port25/opt-outs.ts'

export const askOptOut = async (
  { optOut }: Pick<OrderParts, 'optOut'>,
  given: GivenOrderOf<'ask-opt-out'>,
): Promise<OwnersOutcome> => (optOut ? carryOut(optOut, given) : noOptOuts)
