// A report of abuse was unfounded. What it has added to a sum stays there until it is forgotten, or the case is released.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { done, refused } from './outcome.ts'
import type { OrderParts } from './order-parts.ts'

export async function dismissReport(
  { complaints }: Pick<OrderParts, 'complaints'>,
  { order: { id }, at }: GivenOrderOf<'dismiss-report'>,
): Promise<OrderOutcome> {
  const found = await complaints?.dismiss(id, at)
  if (!found) return refused(`There is no report ${id} (cordon feedback list).`)
  const { reporter, trust } = found
  if (reporter === undefined || trust === undefined)
    return done(`Report ${id} is marked as unfounded; it was no evidence.`)
  return done(
    `Report ${id} is marked as unfounded: what ${reporter} reports counts less for 30 days. What this one added stays until the case is released.`,
  )
}
