// A customer has our letter, and port 25 is opened.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { confirmOptOut as carryOut } from '../port25/opt-outs.ts'

export const confirmOptOut = async (
  { optOut }: Pick<OrderParts, 'optOut'>,
  given: GivenOrderOf<'confirm-opt-out'>,
): Promise<OwnersOutcome> => (optOut ? carryOut(optOut, given) : noOptOuts)
