// A case is released, by whom it is about or by staff.

import type { OrderOutcome } from '../../model/order.ts'
import type { Given } from '../../orders/contract/orders.ts'
import { endCase } from './end-case.ts'
import { mayTouch } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

export async function release(
  parts: Pick<OrderParts, 'cases' | 'reporter' | 'followed' | 'spool'>,
  { order, actor, at }: Given<'release'>,
): Promise<OrderOutcome> {
  const [incident] = await parts.cases.incidents({ id: order.incident })
  if (!incident || !mayTouch(actor, incident.subscriber))
    return refused(`There is no incident ${order.incident}.`)
  return endCase(parts, incident, actor.kind === 'owner' ? 'owner' : 'staff', at)
}
