// Makes new keys that sign our mail, which do so when the DNS has their records.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function rotateDkim(
  { rotateDkim: rotate }: Pick<OrderParts, 'rotateDkim'>,
  { at }: GivenOrderOf<'rotate-dkim'>,
): Promise<OrderOutcome> {
  if (!rotate) return refused('Here are no keys that sign.')
  const { made, givenUp } = await rotate(at)
  const gone =
    givenUp.length === 0 ? '' : ` ${givenUp.join(' and ')} signed nothing yet, and will not.`
  return done(
    `${made.join(' and ')} are made.${gone} Publish the lines of \`cordon dkim show\`: each key signs from when the DNS has it, in the place of the old one.`,
  )
}
