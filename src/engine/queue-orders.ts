// Orders about mail that waits: one held message sent or deleted, held mail deleted by what it says, everything tried now.

import type { GivenOrder, Order, OrderOutcome } from '../model/order.ts'
import type { Spool } from '../ports/spool.ts'
import type { Reporter } from './report.ts'

export type QueueOrderParts = {
  readonly spool: Pick<Spool, 'change' | 'flush'>
  readonly reporter: Pick<Reporter, 'note'>
}

export const done = (text: string): OrderOutcome => ({ done: true, text })
export const refused = (text: string): OrderOutcome => ({ done: false, text })

export async function settleMessage(
  parts: QueueOrderParts,
  given: GivenOrder,
  order: Extract<Order, { message: string }>,
): Promise<OrderOutcome> {
  const filter = {
    message: order.message,
    state: 'held' as const,
    ...(given.actor.kind === 'owner' ? { subscriber: given.actor.subscriber } : {}),
  }
  const change =
    order.kind === 'release-message'
      ? { to: 'queued' as const, due: given.at }
      : { to: 'gone' as const }
  const rows = await parts.spool.change(filter, change)
  const [row] = rows
  if (!row) return refused(`There is no held message ${order.message}.`)
  const outcome = order.kind === 'release-message' ? 'released' : 'purged'
  parts.reporter.note({
    kind: 'held-settled',
    at: given.at,
    message: order.message,
    outcome,
    ...(row.login === undefined ? {} : { login: row.login }),
  })
  return done(`Message ${order.message} is ${outcome === 'released' ? 'on its way' : 'deleted'}.`)
}

/** Nobody's mail is thrown away for whose it is: only for what it is. */
const LEAST_EVIDENCE = 1

export async function purgeEvidence(
  parts: QueueOrderParts,
  given: GivenOrder,
  order: Extract<Order, { kind: 'purge-evidence' }>,
): Promise<OrderOutcome> {
  if (given.actor.kind === 'owner') return refused('That is for staff.')
  const whose = 'login' in order.of ? order.of.login : order.of.subscriber
  if (!whose) return refused('Say whose mail: a login or a customer.')
  if (!(order.minNats >= LEAST_EVIDENCE))
    return refused(
      `Only mail that says at least ${LEAST_EVIDENCE} nat for infection is deleted so.`,
    )
  const filter = { ...order.of, state: 'held' as const, minNats: order.minNats }
  const rows = await parts.spool.change(filter, { to: 'gone' })
  const messages = new Map(rows.map(row => [row.message, row]))
  for (const [message, { login }] of messages)
    parts.reporter.note({
      kind: 'held-settled',
      at: given.at,
      message,
      outcome: 'purged',
      ...(login === undefined ? {} : { login }),
    })
  return done(`${messages.size} held message${messages.size === 1 ? '' : 's'} deleted.`)
}

export async function flushQueue(parts: QueueOrderParts, given: GivenOrder): Promise<OrderOutcome> {
  if (given.actor.kind === 'owner') return refused('That is for staff.')
  const count = await parts.spool.flush(given.at)
  return done(`${count} recipient${count === 1 ? ' is' : 's are'} tried again now.`)
}
