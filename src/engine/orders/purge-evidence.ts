// Held mail of a customer or login that a case holds, or that says enough for infection, is deleted.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { HELD_BY_CASE } from '../evidence/mail-of.ts'
import type { OrderParts } from './order-parts.ts'
import { heldAway } from './held-away.ts'
import { done, refused } from './outcome.ts'

export async function purgeEvidence(
  { spool, reporter }: Pick<OrderParts, 'spool' | 'reporter'>,
  { order, actor, at }: GivenOrderOf<'purge-evidence'>,
): Promise<OrderOutcome> {
  const { minNats } = order
  const which = minNats === undefined ? HELD_BY_CASE : { state: 'held' as const, minNats }
  const filter = { ...order.of, ...which }
  const rows = await spool.change(filter, { to: 'gone' }).catch(error => heldAway(error, actor))
  if ('away' in rows) return refused(rows.away)
  const messages = new Map(rows.map(row => [row.message, row]))
  for (const [message, { login }] of messages)
    reporter.note({
      kind: 'held-settled',
      at,
      message,
      outcome: 'purged',
      ...(login === undefined ? {} : { login }),
    })
  return done(`${messages.size} held message${messages.size === 1 ? '' : 's'} deleted.`)
}
