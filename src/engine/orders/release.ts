// Releases a case, for its owner or for staff.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { endCase } from './end-case.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

export async function release(
  parts: Pick<OrderParts, 'cases' | 'reporter' | 'followed' | 'spool' | 'network'>,
  { order, actor, at }: GivenOrderOf<'release'>,
): Promise<OwnersOutcome> {
  const [byId] = await parts.cases.incidents({ id: order.incident })
  const [incident] = byId ? [byId] : await parts.cases.incidents({ caseCode: order.incident })
  const mine = mayTouch(actor, incident)
  if (!incident || !mine) return refused(`There is no case ${order.incident}.`)
  const { held } = order
  if (actor.kind === 'owner' && held)
    return refused('Send or delete each message that waits, one by one.')
  return looked(
    mine,
    await endCase(parts, incident, {
      by: actor.kind === 'owner' ? 'owner' : 'staff',
      at,
      ...(held ? { held: { to: held, actor } } : {}),
    }),
  )
}
