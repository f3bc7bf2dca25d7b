// A customer sets up a second factor: the key for their program for codes.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { looked, type OwnersOutcome, theirOwn } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

export async function beginFactor(
  { optOut }: Pick<OrderParts, 'optOut'>,
  { actor }: GivenOrderOf<'begin-factor'>,
): Promise<OwnersOutcome> {
  if (!optOut) return noOptOuts
  const secret = optOut.factors.begin(actor.subscriber)
  return secret === undefined
    ? refused('You have a second factor already. If you lost it, please call us.', 'has-factor')
    : looked(theirOwn(actor), {
        done: true,
        text: 'Put this key into your program for codes (time based, six digits), and type the first code it shows.',
        secret,
      })
}
