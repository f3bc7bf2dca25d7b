// Every message enters here, whichever door it came through, and our own notices too: read once as it streams
// by, judged, weighed, written to disk, and only then answered.

import { thresholds, type Budgets } from '../../core/detection/sum.ts'
import { LEAST_USUAL, learnUsualOps } from '../../core/detection/usual-rate.ts'
import { mailVerdict } from '../../core/isolation/mail-verdict.ts'
import type { Op, Reading } from '../../model/counter.ts'
import type { Decision } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { EventOf, MessageFacts, NewEvent } from '../../model/event.ts'
import type { Subject, Unit } from '../../model/evidence.ts'
import type { MessageSummary } from '../../model/message.ts'
import { unreadCause } from '../../model/unread-words.ts'
import type { Transaction } from '../../model/step.ts'
import type { Judgement, Verdict } from '../../model/verdict.ts'
import { weigh } from '../../core/detection/weigh.ts'
import type { Draft } from '../../ports/engine.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Spool } from '../../ports/spool.ts'
import { subjectsOfClient } from '../evidence/attribute.ts'
import { correspondentsOfSender } from '../evidence/correspondents.ts'
import type { Along } from '../judging/counting.ts'
import { type ExamineParts, examine, type Message, stepOfMessage } from './examine.ts'
import { hourOp, repeatOp } from '../evidence/history.ts'
import { spendOps, wasFree } from '../evidence/owed-replies.ts'
import { type Incoming, incoming } from './incoming.ts'
import { callerOps } from './caller.ts'
import { type EnvelopeParts, envelopeOf } from './envelope.ts'
import type { Judge } from '../judging/judge.ts'
import { withMissingFrom } from './missing-from.ts'
import { isListRun, isToStrangers, strangersOp } from './list-runs.ts'
import type { Reporter } from '../evidence/report.ts'
import { countTraps, rememberNamed } from '../evidence/traps.ts'

export type SubmitParts = ExamineParts &
  EnvelopeParts & {
    readonly cases: Pick<Cases, 'epoch' | 'inForce' | 'open'>
    readonly spool: Spool
    readonly judge: Judge
    readonly reporter: Reporter
    readonly budgets: Budgets
    /** A problem inside, for the log. */
    readonly trouble: (error: unknown, about: string) => void
    /** Somebody's mail waits because it is over a limit. */
    readonly tellOverLimit: (subscriber: string, at: number) => void
  }

/** Above it a sum is up: what is seen may be a bot's, and is not made usual. */
const UP = 4
/** Messages of one line or login that are held in a day; then its mail is put off with a 4xx. */
const MAX_HELD = 1000

export function createSubmit(parts: SubmitParts): (tx: Transaction) => Promise<Draft> {
  return async tx => {
    const spooled = incoming(parts.spool, tx, parts)
    return {
      write: chunk => spooled.write(chunk),
      abort: () => spooled.abort(),
      finish: async () => {
        try {
          return await take(parts, tx, spooled)
        } catch (error) {
          // Nothing of what was not taken stays behind; after the commit this does nothing.
          await spooled.abort().catch(() => undefined)
          throw error
        }
      },
    }
  }
}

/** The whole message is here: judged, weighed, and on disk if it is taken. */
async function take(parts: SubmitParts, tx: Transaction, spooled: Incoming): Promise<Judgement> {
  const whole = await spooled.finish()
  if (whole.headerTooLarge) {
    await spooled.abort()
    return unread(parts, tx, whole.summary)
  }
  const summary = withMissingFrom(whole, tx, stepOfMessage(parts, tx))
  const examined = await examine(parts, tx, { ...whole, summary })
  announceUnreadable(parts, examined)
  if (whole.headerEndedEarly) announceEarlyEnd(parts, examined)
  const along = alongOf(parts, examined)
  const judged = await parts.judge.judgeAttributed(examined.step, 'take', along)
  if (judged.verdict.kind !== 'accept' && judged.verdict.kind !== 'hold') {
    await spooled.abort()
    return judged
  }
  const { readings, ...counted } = await countMessage(parts, examined, along)
  const message = { ...examined, facts: counted.facts }
  const { verdict, nats } = await weighMessage(parts, message, { judged: judged.verdict, readings })
  const rule = verdict === judged.verdict ? (judged.rule ?? 'evidence') : 'evidence'
  if (verdict.kind === 'hold' && !(await roomToHold(parts, message))) {
    await spooled.abort()
    return { verdict: { kind: 'defer', reason: 'storage-full' }, rule: 'limits' }
  }
  const envelope = await envelopeOf(parts, message, { verdict, nats })
  await (tx.elsewhere ? spooled.abort() : spooled.commit(envelope))
  try {
    if (verdict.kind === 'hold')
      announceHold(parts, message, { verdict, rule, subscriber: envelope.subscriber })
    if (!(along.readings && along.teaches)) await remember(parts, message, verdict)
  } catch (error) {
    // It is kept: with another answer than 250 it would come again.
    parts.trouble(error, 'after a message was kept')
  }
  return {
    ...judged,
    verdict,
    message: message.id,
    ...(tx.elsewhere ? { header: { add: envelope.headers, forged: whole.forged } } : {}),
  }
}

/** Over a limit that nobody may turn off: no rule is asked about what nobody has read. */
function unread(parts: SubmitParts, tx: Transaction, message: MessageSummary): Judgement {
  const { recipients } = tx
  const queueId = parts.names.message()
  const step = { ...stepOfMessage(parts, tx), recipients, message, queueId }
  return parts.judge.refuse(step, 'header-too-large')
}

type Counts = Along & {
  /** What is usual is learned with it. */
  readonly teaches: boolean
}

/** What is counted with the rules' own. A message that can hold up nobody's mail also teaches what is usual: no third trip. */
function alongOf(parts: SubmitParts, message: Message): Counts {
  const teaches = !message.facts.exempt && isHarmless(parts, message)
  return { ops: [...countOps(parts, message), ...(teaches ? learnOps(message) : [])], teaches }
}

/** Whatever it says, no sum is up with it, and none of its mail waits. */
function isHarmless(parts: SubmitParts, message: Message): boolean {
  const { facts, history, tx } = message
  const lastHour = Object.fromEntries(
    Object.entries(history.hour).map(([subject, before]) => [subject, before + 1]),
  )
  const units = weigh({ ...commitOf(message, lastHour), id: message.id, seq: 0 })
  if (isSuspicious(parts, message) || units.some(unit => unit.nearCertain)) return false
  const { hold } = thresholds(LEAST_USUAL, parts.budgets, true)
  const most = facts.subjects.map(subject =>
    units
      .filter(unit => unit.subject === subject)
      .reduce((sum, { nats }) => sum + nats, history.sum[subject] ?? 0),
  )
  if (most.some(sum => sum > UP || sum >= hold)) return false
  return (
    units.length === 0 ||
    mailVerdict(1, decisionsOn(parts, facts.subjects), tx.at).kind === 'accept'
  )
}

/** What it uses of what is free; for each subject a message more in the hour if nobody led to it, and where it is spam its text; then what goes to strangers. */
function countOps(parts: SubmitParts, message: Message): Op[] {
  const { facts, summary, history } = message
  const amount = facts.answer ? 0 : 1
  return [
    ...(history.answer ? spendOps(history.answer) : []),
    ...facts.subjects.flatMap((subject): Op[] => [
      hourOp(subject, parts.cases.epoch(subject), amount),
      ...(facts.content === 'spam' ? [repeatOp(subject, summary.fingerprint)] : []),
    ]),
    ...strangersOps(parts, message),
  ]
}

/** Counts it, if it was not counted with the rules: what that says of it, and the other readings. */
async function countMessage(
  parts: SubmitParts,
  message: Message,
  along: Along,
): Promise<{ facts: MessageFacts; readings: readonly Reading[] }> {
  const { facts, tx, history } = message
  const all = along.readings ?? (await taken(parts, tx.at, countOps(parts, message)))
  const spent = history.answer ? spendOps(history.answer).length : 0
  const readings = all.slice(spent)
  // Somebody was faster with what is free once.
  const isTooLate = facts.answer === 'owed' && !wasFree(all.slice(0, spent))
  return {
    readings,
    facts: isTooLate ? { ...facts, answer: 'led', firstTime: history.firstTime } : facts,
  }
}

/** Only where it may matter, and for what comes straight to our MX from a line of ours, too. */
function strangersOps(parts: SubmitParts, message: Message): Op[] {
  const { step, tx } = message
  if (!parts.traps?.().size || tx.listener === 'internal' || !isToStrangers(message)) return []
  return subjectsOfClient(parts, step.who).map(subject =>
    strangersOp(subject, parts.cases.epoch(subject)),
  )
}

/** Reports the message, waits until its evidence is added up, and says what the decisions then in force mean. */
async function weighMessage(
  parts: SubmitParts,
  message: Message,
  { judged, readings }: { readonly judged: Verdict; readonly readings: readonly Reading[] },
): Promise<{ verdict: Verdict; nats: number }> {
  const { tx, facts } = message
  const perSubject = facts.content === 'spam' ? 2 : 1
  const lastHour = Object.fromEntries(
    facts.subjects.map((subject, i) => [subject, readings[i * perSubject]?.value ?? 0]),
  )
  const toStrangers = readings.slice(facts.subjects.length * perSubject)
  const asToList = new Set(
    facts.trapped?.filter((subject, i) => isListRun(toStrangers[i]?.value, lastHour[subject] ?? 0)),
  )
  const event = { ...commitOf(message, lastHour), ...(await trapTexts(parts, message, asToList)) }
  await parts.reporter.settle(event)
  const units = weigh({ ...event, id: message.id, seq: 0 })
  const inForce = decisionsOn(parts, facts.subjects)
  const held = mailVerdict(most(units), inForce, tx.at)
  return { nats: most(units.filter(isItsOwn)), verdict: held.kind === 'hold' ? held : judged }
}

const most = (units: readonly Unit[]): number =>
  units.reduce((found, { nats }) => Math.max(found, nats), 0)

/** How many were sent before it says nothing about this message: a purge or a release must not go by that. */
const isItsOwn = ({ cell }: Unit): boolean => cell !== 'volume/burst'

async function taken(
  { counters }: Pick<SubmitParts, 'counters'>,
  at: number,
  ops: readonly Op[],
): Promise<readonly Reading[]> {
  if (ops.length === 0) return []
  const counted = await counters.apply({ at, mode: 'take', ops })
  return 'failed' in counted ? [] : counted.readings
}

function commitOf(
  message: Message,
  lastHour: EventOf<'tx-commit'>['lastHour'],
): Extract<NewEvent, { kind: 'tx-commit' }> {
  const { tx, facts, step, summary } = message
  return {
    kind: 'tx-commit',
    at: tx.at,
    who: step.who,
    session: tx.session,
    message: message.id,
    listener: tx.listener,
    sender: message.sender,
    correspondents: message.correspondents,
    size: summary.size,
    fingerprint: summary.fingerprint,
    facts,
    lastHour,
    usual: message.history.usual,
  }
}

async function trapTexts(
  parts: SubmitParts,
  { tx, id, facts, summary, trapped }: Message,
  asToList: ReadonlySet<Subject>,
): Promise<Pick<EventOf<'tx-commit'>, 'trapTexts' | 'trapAlone'>> {
  if (!trapped) return {}
  return countTraps(parts, tx.at, {
    ...trapped,
    asToList,
    text: summary.fingerprint || id,
    epochs: new Map(facts.trapped?.map(subject => [subject, parts.cases.epoch(subject)])),
  })
}

/** However long a bot goes on, what is kept of it has an end. */
async function roomToHold(parts: SubmitParts, message: Message): Promise<boolean> {
  const counted = await parts.counters.apply({
    at: message.tx.at,
    mode: 'take',
    ops: message.facts.subjects.map(subject => ({
      op: 'sum',
      key: `${subject}#held`,
      amount: 1,
      window: DAY,
      limit: MAX_HELD,
    })),
  })
  return 'failed' in counted || counted.taken
}

/** Whoever wonders why fields are missing finds it by the message. */
function announceEarlyEnd(
  { reporter }: Pick<SubmitParts, 'reporter'>,
  { tx, step: { at, who }, id }: Message,
): void {
  const { session, listener } = tx
  reporter.note({ kind: 'header-ended-early', at, who, session, message: id, listener })
}

/** Said of every such message, whatever the rules say: what was not seen is not innocent. */
function announceUnreadable(
  parts: Pick<SubmitParts, 'reporter'>,
  { tx, step, id, summary }: Message,
): void {
  const { unreadable } = summary
  if (!unreadable) return
  parts.reporter.note({
    kind: 'message-unreadable',
    at: step.at,
    who: step.who,
    session: tx.session,
    message: id,
    listener: tx.listener,
    unreadable,
    cause: unreadCause(summary) ?? '',
  })
}

/** Said once the message is safe, so that who reads of a hold can also find the message. */
function announceHold(
  parts: SubmitParts,
  message: Message,
  {
    verdict,
    rule,
    subscriber,
  }: {
    verdict: Extract<Verdict, { kind: 'hold' }>
    rule: string
    subscriber: string | undefined
  },
): void {
  const { reason } = verdict
  if ((reason === 'over-limit' || reason === 'over-quota') && subscriber !== undefined)
    parts.tellOverLimit(subscriber, message.tx.at)
  const { step, id } = message
  parts.reporter.note({
    kind: 'judged',
    at: step.at,
    who: step.who,
    listener: step.listener,
    stage: 'message',
    rule,
    reason,
    verdict: 'hold',
    session: step.session,
    message: id,
  })
}

/** Learns what is usual, but not while the sum is up: then it may be the bot who teaches. */
async function remember(parts: SubmitParts, message: Message, verdict: Verdict): Promise<void> {
  const { tx } = message
  if (tx.listener === 'inbound') {
    await rememberNamed(parts, tx, message.summary)
    await taken(parts, tx.at, callerOps(parts, message))
    return
  }
  if (tx.listener === 'internal' || verdict.kind !== 'accept' || isSuspicious(parts, message))
    return
  await taken(parts, tx.at, learnOps(message))
}

const isSuspicious = ({ cases }: SubmitParts, { facts }: Message): boolean =>
  facts.subjects.some(subject => (cases.open(subject)?.sum ?? 0) > UP)

const learnOps = ({ step, correspondents, facts }: Message): Op[] => [
  correspondentsOfSender(step.who, correspondents),
  ...facts.subjects.flatMap(learnUsualOps),
]

function decisionsOn(parts: SubmitParts, subjects: readonly Subject[]): Decision[] {
  return subjects.flatMap(subject => [...parts.cases.inForce(subject)])
}
