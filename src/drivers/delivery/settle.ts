// What a trip's outcome means: for the queue, for the evidence, and for the sender, which is told what it asked to be
// told (RFC 3461) and otherwise of failures only.

import type { Action, Reported } from '../../mail/dsn.ts'
import { classifyReply } from '../../mail/reply-class.ts'
import { decodeXtext } from '../../mail/xtext.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { NewEvent } from '../../model/event.ts'
import type { ResultClass } from '../../model/result-class.ts'
import type { Notify } from '../../model/esmtp-parameters.ts'
import type { Claim, Settlement, Spool } from '../../ports/spool.ts'
import type { Job, Outcome, Recipient } from './job.ts'
import type { ListingAlarm } from './listing-alarm.ts'
import type { MailboxGoneAlarm } from './mailbox-gone.ts'
import { isOwn, type OwnMailAlarm, waitOf } from './own-mail.ts'
import type { OwnRefusals } from './own-refusals.ts'
import type { Reply } from './sending.ts'

export type SettleParts = {
  readonly spool: Pick<Spool, 'settle'>
  readonly report: (event: NewEvent) => void
  readonly alarm: ListingAlarm
  readonly ownMail: OwnMailAlarm
  readonly ownRefusals: Pick<OwnRefusals, 'refused' | 'taken'>
  readonly mailboxGone: MailboxGoneAlarm
  /** A correspondent's address as it may stand in the journal. */
  readonly hide: (address: string) => string
  /** Writes to the sender; resolves when that is durable. All of `reported` have the same action. */
  readonly tell: (claim: Claim, reported: readonly Reported[]) => Promise<void>
}

/** When to try again, by number of attempts so far; then every four hours (RFC 5321 §4.5.4.1). */
const RETRY: readonly [number, ...number[]] = [
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
]
export const LONGEST_RETRY = Math.max(...RETRY)
/** A sender that asked to hear of delays hears of them after this. */
const SLOW = 4 * HOUR

type Fate = { readonly settlement: Settlement; readonly reported?: Reported }

/** What follows from a trip. */
export type Conclusion = {
  readonly settlements: readonly Settlement[]
  /** What the sender is told: one letter for each action. */
  readonly letters: readonly (readonly Reported[])[]
}

/** Says what happened and works out what follows: once, however long the queue takes to write it down. */
export function conclude(parts: SettleParts, job: Job, outcome: Outcome, now: number): Conclusion {
  const fates = job.recipients.map(recipient => {
    const reply = outcome.replies.get(recipient.address) ?? { code: 0, text: 'no answer' }
    const result = classifyReply(reply.code, reply.text)
    const found = { job, recipient, reply, result, outcome, now }
    announce(parts, found)
    return fateOf(found)
  })
  const reported = fates.flatMap(fate => fate.reported ?? [])
  return {
    settlements: fates.map(fate => fate.settlement),
    letters: [...Map.groupBy(reported, one => one.action).values()],
  }
}

/** Cordon itself failed: the mail is tried again soon. Recipients that were settled before that are gone already. */
export function giveBack(
  parts: Pick<SettleParts, 'spool'>,
  recipients: readonly Recipient[],
  now: number,
): Promise<void> {
  return parts.spool.settle(
    recipients.map(({ id }) => ({
      recipient: id,
      outcome: 'retry',
      nextAttempt: now + RETRY[0],
    })),
  )
}

/** There is no place for it now, and no server was asked. */
export function defer(
  parts: Pick<SettleParts, 'spool'>,
  job: Job,
  until: { readonly nextAttempt: number; readonly answer?: string },
): Promise<void> {
  return parts.spool.settle(
    job.recipients.map(({ id }) => ({ recipient: id, outcome: 'later', ...until })),
  )
}

type DeliveryAnswer = {
  readonly job: Job
  readonly recipient: Recipient
  readonly reply: Reply
  readonly result: ResultClass
  readonly outcome: Outcome
  readonly now: number
}

function fateOf({ job, recipient, reply, result, outcome, now }: DeliveryAnswer): Fate {
  const { claim } = job
  const { id } = recipient
  const answer = answerOf(reply)
  const say = (action: Action, status: string, words = answer): { reported?: Reported } =>
    wants(recipient, action)
      ? { reported: { ...about(recipient), action, status, answer: words, relay: outcome.relay } }
      : {}
  if (isTaken(reply)) {
    const settlement = { recipient: id, outcome: 'done' } as const
    // A server that takes the mail and reports itself is believed; no other server will say that it arrived.
    if (outcome.reports && !outcome.final) return { settlement }
    return { settlement, ...say(outcome.final ? 'delivered' : 'relayed', '2.0.0') }
  }
  const ends = endOf({ job, reply, result, now })
  if (!ends) {
    const delay = RETRY[Math.min(recipient.attempts, RETRY.length - 1)] as number
    const slow = !recipient.warned && now - claim.at >= SLOW && wants(recipient, 'delayed')
    return {
      settlement: {
        recipient: id,
        outcome: 'retry',
        nextAttempt: now + delay,
        answer,
        ...(slow ? { warned: true } : {}),
      },
      ...(slow ? say('delayed', statusOf(reply, '4.4.7')) : {}),
    }
  }
  const settlement = { recipient: id, outcome: 'failed', answer, result } as const
  if (ends === 'refused') return { settlement, ...say('failed', statusOf(reply, '5.0.0')) }
  const words = `given up after trying for days; last answer: ${answer}`
  return { settlement, ...say('failed', '5.4.7', words) }
}

/** Why nothing more is tried; undefined while something is. */
function endOf({
  job,
  reply,
  result,
  now,
}: Pick<DeliveryAnswer, 'job' | 'reply' | 'result' | 'now'>): 'refused' | 'expired' | undefined {
  const wait = waitOf(job)
  if (wait === 'not-at-all' && isFinal(reply, result)) return 'refused'
  return wait !== 'for-ever' && now >= job.claim.expires ? 'expired' : undefined
}

/** Failures are told to senders that did not say otherwise; the rest only to those that asked. */
function wants(recipient: Recipient, action: Action): boolean {
  const word: Notify = action === 'failed' ? 'failure' : action === 'delayed' ? 'delay' : 'success'
  return recipient.esmtp?.notify?.includes(word) ?? word === 'failure'
}

function about(recipient: Recipient): Pick<Reported, 'address' | 'original'> {
  const original = decodeXtext(recipient.esmtp?.original ?? '')
  return { address: recipient.address, ...(original ? { original } : {}) }
}

function announce(
  parts: SettleParts,
  { job, recipient, reply, result, outcome, now }: DeliveryAnswer,
): void {
  const { claim } = job
  const { relay } = outcome
  const words = withoutNames(answerOf(reply))
  const event = {
    at: now,
    message: claim.message,
    recipient: parts.hide(recipient.address),
    relay,
    ...(claim.login === undefined ? {} : { login: claim.login }),
    ...(claim.sender === '' ? { bounce: true as const } : {}),
  }
  if (isTaken(reply)) {
    parts.ownRefusals.taken(recipient.address)
    const answer = claim.facts?.answer
    const facts = isOwnExchanger(job, recipient) && !claim.facts?.exempt ? claim.facts : undefined
    const more = { ...(answer ? { answer } : {}), ...(facts ? { facts } : {}) }
    return parts.report({ kind: 'delivery-done', ...event, ...more })
  }
  if (isOwn(claim) && isFinal(reply, result))
    parts.ownRefusals.refused(recipient.address, words, now)
  if (result === 'address-listed') parts.alarm(relay, words, now)
  const ends = endOf({ job, reply, result, now }) !== undefined
  if (waitOf(job) !== 'not-at-all') {
    const refused = ends || isFinal(reply, result)
    parts.ownMail({ address: recipient.address, since: claim.at, refused }, words, now)
  } else if (job.route.kind === 'nowhere' && job.route.ours && ends)
    parts.mailboxGone(recipient.address, now)
  parts.report({
    kind: 'delivery-failed',
    ...event,
    ...(claim.facts ? { facts: claim.facts } : {}),
    permanent: ends,
    result,
    code: reply.code,
    words,
  })
}

/** A smart host takes everything, and knows no mailbox: what it takes proves nothing. */
const isOwnExchanger = ({ route }: Job, { address }: Recipient): boolean =>
  route.kind === 'mailbox' || (route.kind === 'hops' && route.destination === domainOf(address))

/** Other servers like to repeat the recipients; journal and log shall not. */
const withoutNames = (text: string) =>
  text.replace(/[^\s<>"'(),:;[\]]+@(?=[\w.-])/g, '…@').slice(0, 200)

/** Where only our address is refused, the mail waits until the operator has mended that. */
const isFinal = (reply: Reply, result: ResultClass) =>
  reply.code >= 500 && result !== 'address-listed'

const isTaken = (reply: Reply) => reply.code >= 200 && reply.code < 400

const answerOf = (reply: Reply) =>
  reply.code === 0 ? reply.text : `${reply.code} ${reply.text.replace(/^\d{3}[ -]/, '')}`

/** The RFC 3463 status the server gave, if its class is right. */
function statusOf(reply: Reply, otherwise: string): string {
  const found = /\b([45])\.\d{1,3}\.\d{1,3}\b/.exec(reply.text)
  return found && found[1] === otherwise[0] ? found[0] : otherwise
}
