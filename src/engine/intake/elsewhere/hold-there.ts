// A message that another server keeps is to wait there: Postfix's HOLD. It stays there until a program or a person releases it, so mail
// that waits for no more than its turn (a limit, the slow lane) is held only while Cordon can release it; without a releaser it goes, and
// that is told. Mail with evidence is held in any case: an administrator can release it, and spam cannot be called back.

import { heldWhy } from '../../../model/held-for.ts'
import type { Reason } from '../../../model/reason.ts'
import type { Step } from '../../../model/step.ts'
import { ACCEPT, type Judgement, type Verdict } from '../../../model/verdict.ts'
import type { Counters } from '../../../ports/counters.ts'
import type { SpooledMessage } from '../../../ports/spool.ts'
import {
  type HeldElsewhere,
  type HeldRecord,
  MOST_HELD,
  type NotReleased,
} from './held-elsewhere.ts'
import { envelopeOf } from '../envelope.ts'
import type { Message } from '../examine.ts'
import { type Tellers, tellOnceADay } from '../../letters/once-a-day.ts'
import { roomToHold } from '../room-to-hold.ts'
import type { SubmitParts } from '../submit-parts.ts'

/** Held until a time, whatever the message is. */
const PACING: ReadonlySet<Reason> = new Set(['over-limit', 'over-quota', 'slow-lane'])

const NO_RELEASER: Readonly<Record<NotReleased, string>> = {
  'no id': 'Postfix says no queue id where it asks',
  'not asked': 'the releaser was not asked yet, or not for minutes',
  'short id':
    'its queue ids are short, and used again for other mail: set enable_long_queue_ids = yes in main.cf',
  away: 'no releaser answers',
  full: `${MOST_HELD} messages are held there already`,
}

/** While it is not known whether it can be released there, mail is neither held nor let go: the client tries again. */
export const putOff = (
  { elsewhere }: { readonly elsewhere: Pick<HeldElsewhere, 'whyNot'> },
  { keptAs }: Pick<Step, 'keptAs'>,
  judged: Judgement,
): Judgement =>
  judged.verdict.kind === 'hold' &&
  PACING.has(judged.verdict.reason) &&
  elsewhere.whyNot(keptAs) === 'not asked'
    ? { ...judged, verdict: { kind: 'defer', reason: 'try-later' } }
    : judged

type ToHold = {
  readonly verdict: Verdict
  /** The evidence of the message for infection. */
  readonly nats: number
  /** The rule that judged the message. */
  readonly rule?: string | undefined
  /** Count how much waits. They note what is taken, so that it can be rolled back. */
  readonly counters: Counters
}

/** The verdict for the server that keeps the message; undefined where there is no room to hold it, and the message is deferred. */
export async function holdThere(
  parts: SubmitParts,
  message: Message,
  { verdict, nats, rule, counters }: ToHold,
): Promise<Verdict | undefined> {
  if (verdict.kind !== 'hold') return verdict
  const { tx } = message
  const { keptAs, at } = tx
  // Told is told, also of a message that is given back: these are no counts of it.
  const { reporter } = parts
  const tellers = { counters: parts.counters, reporter }
  const wrong = PACING.has(verdict.reason) && parts.elsewhere.whyNot(keptAs)
  if (wrong) {
    tellObserved(parts, message, { verdict, rule })
    await tellUnreleasable(tellers, wrong, at)
    return ACCEPT
  }
  if (!(await roomToHold(counters, message))) return undefined
  if (tx.local && tx.login === undefined) await tellLocal(tellers, verdict, at)
  if (keptAs === undefined) return verdict
  const envelope = await envelopeOf(parts, message, { verdict, nats })
  return (await parts.elsewhere.keep(recordOf(message, envelope, verdict))) ? verdict : undefined
}

function recordOf(
  { tx, facts, step }: Message,
  envelope: SpooledMessage,
  verdict: Extract<Verdict, { kind: 'hold' }>,
): HeldRecord {
  const { message, at, sender, subject, login, subscriber, nats, expires } = envelope
  return {
    id: tx.keptAs ?? '',
    message,
    at,
    sender,
    subject,
    recipient: tx.recipients[0] ?? '',
    recipients: step.recipientCount ?? tx.recipients.length,
    due: verdict.until,
    why: heldWhy(verdict),
    nats,
    expires,
    ...(tx.local && login === undefined ? { local: true as const } : {}),
    ...(login === undefined ? {} : { login }),
    ...(subscriber === undefined ? {} : { subscriber }),
    ...(facts.content === 'clean' && !facts.signsOnly ? { clean: true as const } : {}),
    ...(facts.content === 'spam' ? { spam: true as const } : {}),
    ...(facts.content === 'spam' && facts.answer === 'led' ? { ledSpam: true as const } : {}),
  }
}

/** As of a rule that only observes. */
function tellObserved(
  { reporter }: Pick<SubmitParts, 'reporter'>,
  { id, step }: Message,
  {
    verdict: { reason, help },
    rule = 'limits',
  }: Pick<ToHold, 'rule'> & { readonly verdict: Extract<Verdict, { kind: 'hold' }> },
): void {
  const { at, who, listener, session } = step
  const judged = { kind: 'judged', stage: 'message', verdict: 'hold', observed: true } as const
  const found = help === undefined ? {} : { found: help }
  reporter.note({ ...judged, at, who, listener, session, message: id, rule, reason, ...found })
}

const tellUnreleasable = (parts: Tellers, wrong: NotReleased, at: number): Promise<void> =>
  tellOnceADay(parts, {
    alarm: 'no-releaser',
    about: 'held mail',
    words: `mail over a limit is not held, because ${NO_RELEASER[wrong]}: see cordon doctor postfix`,
    at,
    of: wrong,
  })

/** Of a machine there is no owner to write to. */
const tellLocal = (
  parts: Tellers,
  { reason, help = reason }: Pick<Extract<Verdict, { kind: 'hold' }>, 'reason' | 'help'>,
  at: number,
): Promise<void> =>
  tellOnceADay(parts, {
    alarm: 'local-mail',
    about: 'mail handed in by sendmail',
    words: `local programs of the mail server send more than usual (${help}): cordon queue list --held shows what waits; a web site or a script may be sending spam`,
    at,
  })
