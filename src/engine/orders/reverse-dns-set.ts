// Order `reverse-dns-set`: staff have set the PTR name of a customer's address.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { reverseDnsSet as carryOut } from '../port25/opt-outs.ts'

export const reverseDnsSet = async (
  { optOut }: Pick<OrderParts, 'optOut'>,
  given: GivenOrderOf<'reverse-dns-set'>,
): Promise<OrderOutcome> => (optOut ? carryOut(optOut, given) : noOptOuts)
