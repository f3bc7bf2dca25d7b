// Whether there is room again under the limits for a message that was held over one. What goes now is counted now, as new mail is: the
// backlog of a thief or a machine leaves as slowly as they could send it.

import type { Op } from '../../model/counter.ts'
import { heldFor } from '../../model/held-for.ts'
import { NO_ADDRESS } from '../../model/ip.ts'
import type { AttributedStep } from '../../model/step.ts'
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

/** Counted, or when there may be room. The same message counts once: a release that fails is tried again. */
export async function roomAgain(
  { counters, rules, subscribers }: RoomParts,
  recipients: readonly [QueueRow, ...QueueRow[]],
  at: number,
): Promise<{ readonly from: number } | 'counted'> {
  const [row] = recipients
  const plan = row.subscriber === undefined ? undefined : subscribers.get(row.subscriber)?.plan
  const step = stepOf(recipients, plan, at)
  const ops = rules()
    .filter(({ name, mode }) => PACE.has(name) && mode === 'enforce')
    .flatMap(({ counts }) => counts?.(step, []) ?? [])
    .map(op => fitting(row, op))
  if (ops.length === 0) return 'counted'
  const once = `released ${row.message}`
  const counted = await counters.apply({ at, mode: 'take', ops, once })
  // As with new mail: limits that cannot be counted hold up nothing.
  if ('failed' in counted || counted.taken) return 'counted'
  return { from: counted.resetAt ?? at }
}

function stepOf(
  recipients: readonly [QueueRow, ...QueueRow[]],
  plan: AttributedStep['plan'],
  at: number,
): AttributedStep {
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
 * One message that is larger than the whole limit waits until nothing else is counted. Where neither login nor line is known, the queue has no
 * address either: mail is counted by its sender.
 */
function fitting({ sender }: QueueRow, op: Op): Op {
  const key = op.key.replace(`source:${NO_ADDRESS}`, `source:held ${sender}`)
  if (op.op !== 'sum' || op.limit === undefined) return { ...op, key }
  return { ...op, key, amount: Math.min(op.amount, op.limit) }
}
