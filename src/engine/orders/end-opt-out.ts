// An opt-out ends: port 25 of the customer is closed again.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { endOptOut as carryOut } from '../port25/opt-outs.ts'

export const endOptOut = async (
  { optOut }: Pick<OrderParts, 'optOut'>,
  given: GivenOrderOf<'end-opt-out'>,
): Promise<OwnersOutcome> => (optOut ? carryOut(optOut, given) : noOptOuts)
