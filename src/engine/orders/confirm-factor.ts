// The first code of a second factor, from the customer's own line.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { fromElsewhere, noOptOuts } from '../port25/opt-out-checks.ts'
import { looked, type OwnersOutcome, theirOwn } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function confirmFactor(
  { optOut }: Pick<OrderParts, 'optOut'>,
  { order, actor, at }: GivenOrderOf<'confirm-factor'>,
): Promise<OwnersOutcome> {
  if (!optOut) return noOptOuts
  // A thief who has only the password, and is not on the customer's line, must not lock its owner out.
  const away = fromElsewhere(optOut, actor.subscriber, actor.from)
  if (away) return away
  return (await optOut.factors.confirm(actor.subscriber, order.factor, at))
    ? looked(
        theirOwn(actor),
        done('Your second factor is set up. From now on we ask for it when you log in.'),
      )
    : refused(
        'That is not the code your program should show now. Check its clock and try again.',
        'first-code',
      )
}
