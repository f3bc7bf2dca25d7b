// What is counted of a message beside what rules count: how many there are, whom they go to, what is usual.

import { isPaced } from '../../model/held-for.ts'
import { learnUsualOps } from '../../core/detection/usual-rate.ts'
import type { Op, Reading } from '../../model/counter.ts'
import { shinglesOf } from '../../mail/shingles.ts'
import type { Subject } from '../../model/evidence.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Counters } from '../../ports/counters.ts'
import { subjectsOfClient } from '../evidence/attribute.ts'
import { correspondentsOfSender, metTodayBy, writtenTodayOf } from '../evidence/correspondents.ts'
import { hourOp, repeatOp } from '../evidence/history.ts'
import { spendOps, wasFree } from '../evidence/owed-replies.ts'
import { rememberNamed } from '../evidence/traps.ts'
import { textOp } from '../evidence/usual-texts.ts'
import type { Along, Taken } from '../judging/counting.ts'
import { callerOps } from './caller.ts'
import type { Message } from './examine.ts'
import { isHarmless, isSuspicious } from './is-harmless.ts'
import { isToStrangers, strangersOp } from './list-runs.ts'
import type { SubmitParts } from './submit-parts.ts'
import { noting } from './roll-back.ts'
import { unitsBefore } from './weigh-message.ts'

export type Counts = Along & {
  /** They note in `counted` what is taken. */
  readonly counters: Counters
  /** The same batch learns what is usual. */
  readonly teaches: boolean
}

/** What is counted with the rules' own. A message that cannot hold up mail also teaches what is usual: no third trip. */
export function alongOf(parts: SubmitParts, message: Message): Counts {
  const counted: Taken[] = []
  const teaches = !message.facts.exempt && isHarmless(parts, message, unitsBefore(message))
  return {
    ops: [...countOps(parts, message), ...(teaches ? learnOps(message) : [])],
    counted,
    counters: noting(parts.counters, counted),
    teaches,
  }
}

/** Free answers it uses; for each subject a message more in the hour if it is no answer, and if spam its text; then mail to strangers. */
function countOps(parts: SubmitParts, message: Message): Op[] {
  const { facts, summary, history, tx } = message
  const amount = facts.answer ? 0 : 1
  // Another server keeps it and takes it by our answer: what it counts for is written before that.
  const kept = tx.elsewhere ? ({ kept: true } as const) : {}
  return [
    ...(history.answer ? spendOps(history.answer) : []),
    ...facts.subjects.flatMap((subject): Op[] => [
      { ...hourOp(subject, parts.cases.epoch(subject), amount), ...kept },
      ...(facts.content === 'spam' ? [repeatOp(subject, summary.fingerprint)] : []),
    ]),
    ...strangersOps(parts, message),
  ]
}

/** Counts it, if it was not counted with the rules: what that says of it, and the other readings. */
export async function countMessage(
  parts: SubmitParts,
  message: Message,
  along: Counts,
): Promise<{ facts: MessageFacts; readings: readonly Reading[] }> {
  const { facts, tx, history } = message
  const all = along.readings ?? (await taken(along, tx.at, countOps(parts, message)))
  const spent = history.answer ? spendOps(history.answer).length : 0
  const readings = all.slice(spent)
  // Another answer has used first what is free once.
  const isTooLate = facts.answer === 'owed' && !wasFree(all.slice(0, spent))
  return {
    readings,
    facts: isTooLate ? { ...facts, answer: 'led', firstTime: history.firstTime } : facts,
  }
}

/** Only where there are traps and the message goes to strangers; also for mail that a customer's line sends straight to our MX. */
function strangersOps(parts: SubmitParts, message: Message): Op[] {
  const { step, tx } = message
  if (!parts.traps?.().size || tx.listener === 'internal' || !isToStrangers(message)) return []
  const subjects = subjectsOfClient(parts, step.who)
  if (subjects.length === 0) return []
  const shingles = shinglesOf(message.summary.text)
  const epoch = (subject: Subject) => parts.cases.epoch(subject)
  return [
    ...subjects.map(subject => strangersOp(subject, epoch(subject))),
    ...subjects.map(subject => textOp({ subject, epoch: epoch(subject) }, tx.at, shingles)),
  ]
}

/** What a message that came in tells of its sender to those whom it reaches, be the sender a line of our own. */
export async function rememberStranger(parts: SubmitParts, message: Message): Promise<void> {
  await rememberNamed(parts, message.tx, message.summary)
  await taken(parts, message.tx.at, callerOps(parts, message))
}

/** Whom mail that waits has not reached is not known: it is learned when that leaves, and the same again waits behind it. */
export async function forgetWaiting(
  { counters }: Pick<SubmitParts, 'counters'>,
  message: Message,
  waiting: readonly string[],
): Promise<void> {
  const { tx, step } = message
  const members = newToSender(message).filter(key => waiting.includes(key))
  if (members.length === 0) return
  const ops = [correspondentsOfSender, writtenTodayOf, metTodayBy].map(of => of(step.who, members))
  await counters.apply({ at: tx.at, mode: 'rollback', ops })
}

/** Learns what is usual, but not while the sum is up: then the message may be a bot's, and it is only known today whom it went to. */
export async function remember(
  parts: SubmitParts,
  message: Message,
  verdict: Verdict,
): Promise<void> {
  const { tx, facts } = message
  if (facts.exempt || (verdict.kind !== 'accept' && !isPaced(verdict))) return
  if (!isSuspicious(parts, message)) await taken(parts, tx.at, learnOps(message))
  else if (facts.content !== 'spam' && !facts.trapped)
    await taken(parts, tx.at, [writtenTodayOf(message.step.who, message.correspondents)])
}

const learnOps = (message: Message): Op[] => {
  const { step, correspondents, facts } = message
  const met = newToSender(message)
  return [
    correspondentsOfSender(step.who, correspondents),
    ...(met.length > 0 ? [metTodayBy(step.who, met)] : []),
    ...facts.subjects.flatMap(learnUsualOps),
  ]
}

const newToSender = ({ facts, history, correspondents }: Message): readonly string[] =>
  facts.firstTime > 0 ? (history.newTo ?? correspondents) : []

async function taken(
  { counters }: Pick<SubmitParts, 'counters'>,
  at: number,
  ops: readonly Op[],
): Promise<readonly Reading[]> {
  if (ops.length === 0) return []
  const counted = await counters.apply({ at, mode: 'take', ops })
  return 'failed' in counted ? [] : counted.readings
}
