// A message goes to disk, and then its evidence is added up: a message that could not be written adds none. So that no message goes out
// past a threshold that it crosses itself, a message that might do so is written as held, and sent when it did not.

import { HOLD_FOR } from '../../core/isolation/advance.ts'
import type { Unit } from '../../model/evidence.ts'
import { MINUTE } from '../../model/duration.ts'
import { heldWhy } from '../../model/held-for.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Counters } from '../../ports/counters.ts'
import { envelopeOf } from './envelope.ts'
import type { SpooledMessage } from '../../ports/spool.ts'
import type { MessagePlace } from '../evidence/window-place.ts'
import type { Message } from './examine.ts'
import { holdThere } from './elsewhere/hold-there.ts'
import { paceThere } from './elsewhere/pace-there.ts'
import type { Incoming } from './incoming.ts'
import { isHarmless } from './is-harmless.ts'
import { roomToHold } from './room-to-hold.ts'
import type { SubmitParts } from './submit-parts.ts'
import { natsOf, verdictUnder, type Weighed } from './weigh-message.ts'

export type MessageToKeep = {
  readonly verdict: Verdict
  readonly subscriber: string | undefined
  /** To be put in front of it. */
  readonly headers: string
  /** Recipients that wait for the window. */
  readonly waiting?: readonly string[]
}

export type Keeping = Weighed & {
  readonly judged: Verdict
  /** That judged it. */
  readonly rule: string | undefined
  /** They note what is taken, so that it can be rolled back. */
  readonly counters: Counters
  readonly spooled: Pick<Incoming, 'commit' | 'abort'>
  /** No other message of the same line or login was looked at meanwhile. */
  readonly isAlone: () => boolean
}

/** Undefined when too much mail of its sender is held already: the message is deferred, and its evidence counts all the same. */
export async function keep(
  parts: SubmitParts,
  message: Message,
  keeping: Keeping,
): Promise<MessageToKeep | undefined> {
  const { counters, spooled, units } = keeping
  if (message.tx.elsewhere) return judgeOnly(parts, message, keeping)
  const first = foreseen(parts, message, keeping)
  const isSure = first.kind === 'hold' && first !== MAYBE
  if (isSure && !(await roomToHold(counters, message))) {
    await parts.reporter.settle(keeping.event)
    await spooled.abort()
    return undefined
  }
  const written = first === MAYBE ? waiting(message) : first
  const placed = await parts.window.place(keeping.event)
  const nats = natsOf(units)
  const envelope = await envelopeOf(parts, message, { verdict: written, nats, placed })
  await spooled.commit(envelope)
  const { subscriber, headers } = envelope
  try {
    await parts.reporter.settle(keeping.event)
    const verdict = verdictUnder(parts, message, keeping)
    if (verdict.kind === 'hold' && !isSure && !(await roomToHold(counters, message))) {
      await parts.spool.change({ message: message.id }, { to: 'gone' })
      return undefined
    }
    await bringInLine(parts, message, { written, verdict })
    const pace = { message, placed, counters }
    const waiting = verdict.kind === 'hold' ? [] : await paced(parts, envelope, pace)
    return waiting && { verdict, subscriber, headers, waiting }
  } catch (error) {
    // It is kept, and if it waits, it is looked at again.
    parts.trouble(error, 'after a message was kept')
    return { verdict: written, subscriber, headers }
  }
}

type Pacing = {
  readonly message: Message
  readonly placed: MessagePlace | undefined
  readonly counters: Counters
}

/** Whose copies wait; undefined where too much of its sender's mail waits already: then it is deferred. */
async function paced(
  parts: Pick<SubmitParts, 'window' | 'spool'>,
  { message: id, recipients }: SpooledMessage,
  { message, placed, counters }: Pacing,
): Promise<readonly string[] | undefined> {
  if (!placed) return []
  const waits = await parts.window.admit(id, placed.payer, message.tx.at)
  if (waits.length < recipients.length || (await roomToHold(counters, message))) return waits
  await parts.spool.change({ message: id, state: 'paced' }, { to: 'gone' })
  return undefined
}

/** A message that another server keeps is judged by its evidence and all before it; Cordon does not learn whether it is kept. */
async function judgeOnly(
  parts: SubmitParts,
  message: Message,
  keeping: Keeping,
): Promise<MessageToKeep | undefined> {
  const placed = await parts.window.place(keeping.event)
  await parts.reporter.settle(keeping.event)
  const nats = natsOf(keeping.units)
  const { counters, rule } = keeping
  const judged = verdictUnder(parts, message, keeping)
  const verdict =
    placed && judged.kind !== 'hold'
      ? await paceThere(parts, message, { placed, nats, counters })
      : await holdThere(parts, message, { verdict: judged, nats, rule, counters, placed })
  await keeping.spooled.abort()
  if (!verdict) return undefined
  const envelope = await envelopeOf(parts, message, { verdict, nats })
  return { verdict, subscriber: envelope.subscriber, headers: envelope.headers }
}

/** Whether the message waits is known when its evidence is added up. */
const MAYBE: Verdict = Object.freeze({ kind: 'hold', reason: 'evidence', until: 0 })

function foreseen(parts: SubmitParts, message: Message, keeping: Keeping): Verdict {
  const { judged, units, isAlone } = keeping
  const now = verdictUnder(parts, message, keeping)
  if (now.kind === 'hold' || !canHold(message, units)) return now
  return isAlone() && isHarmless(parts, message, units) ? judged : MAYBE
}

const canHold = ({ facts }: Message, units: readonly Unit[]): boolean =>
  facts.subjects.length > 0 && units.some(({ nats }) => nats > 0)

/** If Cordon stops before the verdict is known, the message is looked at again then, as all that waits. */
const waiting = ({ tx }: Message): Verdict => ({
  kind: 'hold',
  reason: 'evidence',
  until: tx.at + HOLD_FOR,
})

/** Changes the rows on disk to the final verdict. A row that a delivery has taken meanwhile is gone. */
async function bringInLine(
  { spool }: Pick<SubmitParts, 'spool'>,
  { id, tx }: Message,
  { written, verdict }: { readonly written: Verdict; readonly verdict: Verdict },
): Promise<void> {
  if (verdict.kind === 'hold') {
    if (isSameHold(written, verdict)) return
    const state = written.kind === 'hold' ? 'held' : (['queued', 'paced'] as const)
    const change = { to: 'held', due: verdict.until, why: heldWhy(verdict) } as const
    await spool.change({ message: id, state }, change)
  } else if (written.kind === 'hold')
    await spool.change({ message: id, state: 'held' }, { to: 'queued', due: tx.at, byWindow: true })
}

/** Two holds that end within this time are the same one: a flood moves the end with each message. */
const SAME_HOLD = MINUTE

function isSameHold(one: Verdict, other: Verdict & { kind: 'hold' }): boolean {
  return (
    one.kind === 'hold' &&
    heldWhy(one) === heldWhy(other) &&
    Math.abs(one.until - other.until) < SAME_HOLD
  )
}
