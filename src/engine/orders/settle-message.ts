// One message that is held, or waits its turn, is sent or deleted, by its owner or by staff.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { heldAway } from './held-away.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function settleMessage(
  { spool, reporter }: Pick<OrderParts, 'spool' | 'reporter'>,
  { order, actor, at }: GivenOrderOf<'release-message'> | GivenOrderOf<'purge-message'>,
): Promise<OwnersOutcome> {
  const filter = {
    message: order.message,
    state: ['held', 'paced'] as const,
    ...(actor.kind === 'owner' ? { subscriber: actor.subscriber } : {}),
  }
  const change =
    order.kind === 'release-message' ? { to: 'queued' as const, due: at } : { to: 'gone' as const }
  const rows = await spool.change(filter, change).catch(error => heldAway(error, actor))
  if ('away' in rows) return refused(rows.away)
  const [row] = rows
  const mine = mayTouch(actor, row)
  if (!row || !mine) return refused(`There is no held message ${order.message}.`)
  const outcome = order.kind === 'release-message' ? 'released' : 'purged'
  reporter.note({
    kind: 'held-settled',
    at,
    message: row.message,
    outcome,
    ...(row.login === undefined ? {} : { login: row.login }),
  })
  return looked(
    mine,
    done(`Message ${order.message} is ${outcome === 'released' ? 'on its way' : 'deleted'}.`),
  )
}
