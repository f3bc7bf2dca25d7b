// Whether there is room again under the limits for a message that was held over one. What goes now is counted now, as new mail is: the
// backlog of a thief or a machine leaves as slowly as they could send it.

import type { Op } from '../../model/counter.ts'
import { HOUR } from '../../model/duration.ts'
import { heldFor } from '../../model/held-for.ts'
import { NO_ADDRESS } from '../../model/ip.ts'
import type { AttributedStep } from '../../model/step.ts'
import { longestWait } from '../../core/policy/larger-than-limit.ts'
import type { Rule } from '../../core/policy/rule.ts'
import type { Counters } from '../../ports/counters.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type RoomParts = {
  readonly counters: Counters
  /** As they are now. */
  readonly rules: () => readonly Rule[]
  readonly subscribers: Pick<Subscribers, 'get'>
}

/** Rules that hold mail until there is room. */
const PACE: ReadonlySet<string> = new Set(['limits', 'quotas'])
/** Of these a message that is larger than the whole limit waits as long as they take for so many. */
const PACE_LARGE: ReadonlySet<string> = new Set(['limits'])

/** One message, a row for each recipient. */
export type Recipients = readonly [QueueRow, ...QueueRow[]]

/** ms from when it came: what is larger than a whole limit waits so long, and nothing waits behind it. */
export const waitOf = (parts: RoomParts, recipients: Recipients, at: number): number =>
  longestWait(opsOf(parts, recipients, { at, rules: PACE_LARGE }))

/** Counted, or when there may be room. The same message counts once: a release that fails is tried again. */
export async function roomAgain(
  parts: RoomParts,
  recipients: Recipients,
  at: number,
): Promise<{ readonly from: number } | 'counted'> {
  const [row] = recipients
  const large = waitOf(parts, recipients, at) > 0
  const ops = opsOf(parts, recipients, { at, rules: PACE }).flatMap(op => fitting(row, op, large))
  if (ops.length === 0) return 'counted'
  const once = `released ${row.message}`
  const counted = await parts.counters.apply({ at, mode: 'take', ops, once })
  // As with new mail: limits that cannot be counted hold up nothing.
  if ('failed' in counted || counted.taken || counted.repeated) return 'counted'
  return { from: counted.resetAt ?? at }
}

function opsOf(
  { rules, subscribers }: RoomParts,
  recipients: Recipients,
  { at, rules: which }: { readonly at: number; readonly rules: ReadonlySet<string> },
): readonly Op[] {
  const [{ subscriber }] = recipients
  const plan = subscriber === undefined ? undefined : subscribers.get(subscriber)?.plan
  const step = stepOf(recipients, plan, at)
  return rules()
    .filter(({ name, mode }) => which.has(name) && mode === 'enforce')
    .flatMap(({ counts }) => counts?.(step, []) ?? [])
}

function stepOf(recipients: Recipients, plan: AttributedStep['plan'], at: number): AttributedStep {
  const [row] = recipients
  const { message, sender, login, subscriber, why, local } = row
  const recipientCount = row.recipients ?? recipients.length
  const client = { realm: 'main', address: NO_ADDRESS, port: 0 }
  const named = login === undefined ? {} : { login }
  const line = subscriber === undefined ? {} : { subscriber }
  const isFirst = /never written to before/.test(heldFor(why).detail ?? '')
  return {
    session: message,
    listener: login === undefined ? 'trusted-network' : 'submission',
    stage: 'message',
    at,
    client,
    ...(local ? { local } : {}),
    tls: false,
    sender,
    recipients: recipients.map(({ recipient }) => recipient).filter(one => one !== ''),
    recipientCount,
    who: { ...client, ...named, ...line, sure: subscriber === undefined ? 'unknown' : 'certain' },
    inForce: [],
    ...named,
    ...(plan === undefined ? {} : { plan }),
    ...(isFirst ? { firstTime: recipientCount } : {}),
  }
}

/**
 * A message that is larger than the whole limit takes all of it, and leaves the rest as debt: the next such message waits until that is paid.
 * Of a quota it waits until nothing else is counted. Where neither login nor line is known, the queue has no address either: mail is
 * counted by its sender.
 */
function fitting({ sender }: QueueRow, op: Op, large: boolean): readonly Op[] {
  const key = op.key.replace(`source:${NO_ADDRESS}`, `source:held ${sender}`)
  if (op.op !== 'sum' || op.limit === undefined || op.amount <= op.limit) return [{ ...op, key }]
  const { limit, window, amount } = op
  if (!large) return [{ ...op, key, amount: limit }]
  const debt = { key: `${key}-debt`, cap: limit, perHour: (limit * HOUR) / window, cost: amount }
  return [
    { op: 'sum', key, amount: limit, window },
    { op: 'tokens', ...debt },
  ]
}
