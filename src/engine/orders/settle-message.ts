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
  const isUnproven = proof === 'held only'
  const filter = {
    message: order.message,
    state: isUnproven ? (['held'] as const) : (['held', 'paced'] as const),
    ...(actor.kind === 'owner' ? { subscriber: actor.subscriber } : {}),
  }
  // The password alone takes out of a hold, and not past the window.
  const byWindow = isUnproven ? { byWindow: true as const } : {}
  const change = isRelease
    ? { to: 'queued' as const, due: at, ...byWindow }
    : { to: 'gone' as const }
  const rows = await spool.change(filter, change).catch(error => heldAway(error, actor))
  if ('away' in rows) return refused(rows.away, 'not-now')
  const [row] = rows
  const mine = mayTouch(actor, row)
  if (!row || !mine) return refused(`There is no held message ${order.message}.`, 'not-held')
  const outcome = isRelease ? 'released' : 'purged'
  reporter.note({
    kind: 'held-settled',
    at,
    message: row.message,
    outcome,
    ...(row.login === undefined ? {} : { login: row.login }),
  })
  const waits = isUnproven && rows.some(({ bucket }) => bucket !== undefined)
  const text = `Message ${order.message} ${saidOf(outcome, waits)}`
  return looked(mine, waits ? { ...done(text), waits } : done(text))
}

const saidOf = (outcome: 'released' | 'purged', waits: boolean): string => {
  if (outcome === 'purged') return 'is deleted.'
  return waits
    ? 'waits its turn now, and leaves by itself; with the code of your second factor it leaves at once.'
    : 'is on its way.'
}

/**
 * What waits for the window of its sender waits because much of the kind was sent, by its owner or by another who has their passwords: only the
 * second factor tells them apart. What is held goes without it, as far as the window lets it.
 */
async function proofOf(
  parts: SettleParts,
  { order, actor, at }: GivenOrderOf<'release-message'>,
): Promise<'held only' | 'proven' | Refused> {
  if (actor.kind !== 'owner') return 'proven'
  const { message, factor: code } = order
  const mine = { message, subscriber: actor.subscriber, state: 'paced' } as const
  const waits = await parts.spool.list({ ...mine, limit: 1 })
  if (waits.length === 0 && (code ?? '').trim() === '') return 'held only'
  return (await notProven(parts, actor, { code, at })) ?? 'proven'
}
