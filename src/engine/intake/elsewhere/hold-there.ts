// A message that another server keeps is to wait there: Postfix's HOLD. It stays there until a program or a person releases it, so mail
// that waits for no more than its turn (a limit, the slow lane) is held only while Cordon can release it; without a releaser it goes, and
// that is told. Mail with evidence is held in any case: an administrator can release it, and spam cannot be called back.

import type { MessageFacts } from '../../../model/message-facts.ts'
import { heldFor, heldWhy, PACED } from '../../../model/held-for.ts'
import type { Reason } from '../../../model/reason.ts'
import type { AttributedStep, Step } from '../../../model/step.ts'
import { ACCEPT, type Judgement, type Verdict } from '../../../model/verdict.ts'
import type { Counters } from '../../../ports/counters.ts'
import type { SpooledMessage } from '../../../ports/spool.ts'
import type { MessagePlace } from '../../evidence/window-place.ts'
import { type HeldElsewhere, MOST_HELD, type NotReleased } from './held-elsewhere.ts'
import { type HeldRecord, type WindowThere, windowThere } from './held-record.ts'
import type { Reporter } from '../../evidence/report.ts'
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

type JudgedStep = Pick<AttributedStep, 'at' | 'who' | 'listener' | 'session' | 'stage'>

/** While it is not known whether it can be released there, mail is neither held nor let go: the client tries again. */
export function putOff(
  { elsewhere, reporter }: PutOffParts,
  { keptAs }: Pick<Step, 'keptAs'>,
  judged: Judgement,
  asked: () => JudgedStep,
): Judgement {
  const { verdict, rule = 'limits' } = judged
  const waits =
    verdict.kind === 'hold' &&
    PACING.has(verdict.reason) &&
    elsewhere.whyNot(keptAs) === 'not asked'
  if (!waits) return judged
  const { at, who, listener, session, stage } = asked()
  const about = { at, who, listener, session, stage, rule, found: NO_RELEASER['not asked'] }
  reporter.note({ kind: 'judged', ...about, verdict: 'defer', reason: 'try-later' })
  return { ...judged, verdict: { kind: 'defer', reason: 'try-later' } }
}

export type PutOffParts = {
  readonly elsewhere: Pick<HeldElsewhere, 'whyNot'>
  readonly reporter: Pick<Reporter, 'note'>
}

export type ToHold = {
  readonly verdict: Verdict
  /** The evidence of the message for infection. */
  readonly nats: number
  /** The rule that judged the message. */
  readonly rule?: string | undefined
  /** Count how much waits. They note what is taken, so that it can be rolled back. */
  readonly counters: Counters
  /** What it waits for when nothing else holds it any more. */
  readonly placed?: MessagePlace | undefined
}

/** The verdict for the server that keeps the message; undefined where there is no room to hold it, and the message is deferred. */
export async function holdThere(
  parts: SubmitParts,
  message: Message,
  { verdict, nats, rule, counters, placed }: ToHold,
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
    await tellUnreleasable(tellers, wrong, { at, verdict })
    return ACCEPT
  }
  if (!(await roomToHold(counters, message))) return undefined
  if (tx.local && tx.login === undefined) await tellLocal(tellers, verdict, at)
  if (keptAs === undefined) return verdict
  const envelope = await envelopeOf(parts, message, { verdict, nats })
  const window = placed && windowThere(message.facts, placed)
  const record = recordOf(message, envelope, { verdict, window })
  return (await parts.elsewhere.keep(record)) ? verdict : undefined
}

/** As that server is told of it. */
export function verdictOf({ why, due: until }: HeldRecord): Hold {
  const { reason, detail } = heldFor(why)
  return { kind: 'hold', reason, until, ...(detail === undefined ? {} : { help: detail }) }
}

type Hold = Extract<Verdict, { kind: 'hold' }>

export function recordOf(
  message: Message,
  envelope: SpooledMessage,
  { verdict, window }: { readonly verdict: Hold; readonly window: WindowThere | undefined },
): HeldRecord {
  const { tx, facts, step } = message
  const { at, sender, subject, login, subscriber, nats, expires } = envelope
  return {
    id: tx.keptAs ?? '',
    message: envelope.message,
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
    ...(window ? { window, facts: withNewTo(message) } : {}),
  }
}

/** They are learned when it leaves, also where all of them are new. */
const withNewTo = ({ facts, correspondents }: Message): MessageFacts =>
  facts.firstTime > 0 && !facts.episode?.newTo
    ? { ...facts, episode: { ...facts.episode, newTo: correspondents } }
    : facts

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

export const tellUnreleasable = (
  parts: Tellers,
  wrong: NotReleased,
  { at, verdict }: { readonly at: number; readonly verdict: Pick<Hold, 'reason'> },
): Promise<void> =>
  tellOnceADay(parts, {
    alarm: 'no-releaser',
    about: 'held mail',
    words: `${verdict.reason === PACED ? 'mail beyond the window of its sender' : 'mail over a limit'} is not held, because ${NO_RELEASER[wrong]}: see cordon doctor postfix`,
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
