// A customer still needs port 25.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { renewOptOut as carryOut } from '../port25/opt-outs.ts'

export const renewOptOut = async (
  { optOut }: Pick<OrderParts, 'optOut'>,
  given: GivenOrderOf<'renew-opt-out'>,
): Promise<OwnersOutcome> => (optOut ? carryOut(optOut, given) : noOptOuts)
