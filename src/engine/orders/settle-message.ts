// One message that is held, or waits its turn, is sent or deleted, by its owner or by staff.

import type { Refused } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { heldAway } from './held-away.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'
import { notProven, type ProofParts } from './proven-owner.ts'

export type SettleParts = {
  readonly spool: Pick<OrderParts['spool'], 'change' | 'list'>
  readonly reporter: Pick<OrderParts['reporter'], 'note'>
} & ProofParts

export async function settleMessage(
  parts: SettleParts,
  given: GivenOrderOf<'release-message'> | GivenOrderOf<'purge-message'>,
): Promise<OwnersOutcome> {
  const { spool, reporter } = parts
  const { order, actor, at } = given
  const isRelease = order.kind === 'release-message'
  const proof = isRelease ? await proofOf(parts, { order, actor, at }) : 'not asked'
  if (typeof proof === 'object') return proof
  const filter = {
    message: order.message,
    state: proof === 'held only' ? (['held'] as const) : (['held', 'paced'] as const),
    ...(actor.kind === 'owner' ? { subscriber: actor.subscriber } : {}),
  }
  const change = isRelease ? { to: 'queued' as const, due: at } : { to: 'gone' as const }
  const rows = await spool.change(filter, change).catch(error => heldAway(error, actor))
  if ('away' in rows) return refused(rows.away)
  const [row] = rows
  const mine = mayTouch(actor, row)
  if (!row || !mine) return refused(`There is no held message ${order.message}.`)
  const outcome = isRelease ? 'released' : 'purged'
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

/**
 * What waits for the window of its sender waits because much of the kind was sent, by its owner or by another who has their passwords: only the
 * second factor tells them apart.
 */
async function proofOf(
  parts: SettleParts,
  { order, actor, at }: GivenOrderOf<'release-message'>,
): Promise<'held only' | 'proven' | Refused> {
  if (actor.kind !== 'owner') return 'proven'
  const { message, factor: code } = order
  const mine = { message, subscriber: actor.subscriber, state: 'paced' } as const
  const waits = await parts.spool.list({ ...mine, limit: 1 })
  if (waits.length === 0) return 'held only'
  return (await notProven(parts, actor, { code, at })) ?? 'proven'
}
