// What the counters know of a sender before a message of theirs is counted, all in one trip: whom they have written to, whether this
// text was counted already, how many messages there were this hour, and what is usual.

import { LEAST_USUAL, usualOps } from '../../core/detection/usual-rate.ts'
import { forgottenPerDay, MAX_SUM } from '../../core/detection/sum.ts'
import type { LeakOp, Op, Reading, SumOp } from '../../model/counter.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Usual } from '../../model/event.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Who } from '../../model/lease.ts'
import type { Cases } from '../../ports/cases.ts'
import { correspondentsOfSender, metTodayBy, writtenTodayOf } from './correspondents.ts'
import { type Away, sourceOps } from './episode-facts.ts'
import { type SentAnswer, type Answering, answerOf, answerOps } from './owed-replies.ts'
import { type GatherParts, peek, usualFrom } from './gather.ts'

export type History = {
  /** Of the recipients, those never written to before. */
  readonly firstTime: number
  /** The same text was counted for one of these sums already. */
  readonly repeated: boolean
  /** Messages of each subject within the last hour, without this one. */
  readonly hour: Readonly<Record<Subject, number>>
  readonly usual: Usual
  /** The sum of each subject, or a little more: as if it forgot as slowly as any. */
  readonly sum: Readonly<Record<Subject, number>>
  /** It answers what came in. */
  readonly answer?: SentAnswer
  /** Which recipients were never written to before, where only some were. */
  readonly newTo?: readonly string[]
  /** Of the recipients, those that are known since today alone. */
  readonly met?: number
  /** Of `sourceOps`. */
  readonly source?: readonly Reading[]
}

export const NO_HISTORY: History = Object.freeze({
  firstTime: 0,
  repeated: false,
  hour: {},
  usual: {},
  sum: {},
})

/** The same text again within this time says nothing new. */
const REPEAT_WINDOW = DAY
/** Messages of a subject are counted within this time: what bursts and lists are measured against. */
const RATE_WINDOW = HOUR

export type HistoryParts = Pick<GatherParts, 'counters' | 'subscribers'> & {
  readonly cases: Pick<Cases, 'epoch'>
}

export type About = {
  readonly at: number
  readonly who: Who
  readonly subjects: readonly Subject[]
  readonly correspondents: readonly string[]
  readonly fingerprint: string
  readonly answering?: Answering | undefined
  /** Of a login away from its line. */
  readonly away?: Away | undefined
}

export const historyOf = async (parts: HistoryParts, about: About): Promise<History> =>
  historyFrom(parts, about, await peek(parts, about.at, historyOps(parts, about)))

/** To be peeked; `historyFrom` reads the result. */
export function historyOps({ cases }: Pick<HistoryParts, 'cases'>, about: About): readonly Op[] {
  const { who, subjects, correspondents, fingerprint, answering } = about
  return [
    correspondentsOfSender(who, correspondents),
    writtenTodayOf(who, correspondents),
    metTodayBy(who, correspondents),
    ...sourceOpsOf(about),
    ...(answering ? answerOps(answering) : []),
    ...subjects.flatMap((subject): Op[] => [
      repeatOp(subject, fingerprint),
      hourOp(subject, cases.epoch(subject)),
      sumOp(subject, cases.epoch(subject), LEAST_USUAL),
    ]),
    ...subjects.flatMap(usualOps),
  ]
}

export function historyFrom(
  parts: Pick<HistoryParts, 'subscribers'>,
  about: About,
  [known, today, met, ...rest]: readonly Reading[],
): History {
  const { at, subjects, fingerprint, answering } = about
  const ofSource = sourceOpsOf(about).length
  const all = rest.slice(ofSource)
  const asked = answering ? answerOps(answering).length : 0
  const answer = answering && answerOf(answering, all.slice(0, asked))
  const others = all.slice(asked)
  const newTo = newInBoth(known, today)
  const metToday = metOf(about, met)
  const value = (i: number, which: 0 | 1 | 2): number => others[3 * i + which]?.value ?? 0
  const each = (which: 1 | 2) =>
    Object.fromEntries(subjects.map((subject, i) => [subject, value(i, which)]))
  return {
    // Where some are known for long and others since today it is more than there are, never less.
    firstTime: Math.min(known?.novel ?? 0, today?.novel ?? 0),
    repeated: fingerprint !== '' && subjects.some((_, i) => value(i, 0) > 0),
    hour: each(1),
    sum: each(2),
    usual: usualFrom(parts, { at, subjects }, others.slice(3 * subjects.length)),
    ...(answer ? { answer } : {}),
    ...(newTo ? { newTo } : {}),
    ...(metToday > 0 ? { met: metToday } : {}),
    ...(ofSource > 0 ? { source: rest.slice(0, ofSource) } : {}),
  }
}

const metOf = ({ correspondents }: About, met: Reading | undefined): number =>
  met?.novel === undefined ? 0 : new Set(correspondents).size - met.novel

/** Which are new in both; nothing where that is all of them, or none. */
function newInBoth(known?: Reading, today?: Reading): readonly string[] | undefined {
  const [one, other] = [known?.fresh, today?.fresh]
  return one && other ? one.filter(member => other.includes(member)) : (one ?? other)
}

const sourceOpsOf = ({ away, who }: About): readonly Op[] =>
  away && who.login !== undefined ? sourceOps(away, who.login) : []

/** Marks a text as counted for this sum. */
export function repeatOp(subject: Subject, print: string): Op {
  return { op: 'mark', key: `body:${subject}:${print}`, ttl: REPEAT_WINDOW }
}

/** Messages within the hour; a release begins a new count. */
export function hourOp(subject: Subject, epoch: number, amount = 0): SumOp {
  return { op: 'sum', key: `${subject}#hour-${epoch}`, amount, window: RATE_WINDOW }
}

/** The sum of one life of a subject, read or added to. */
export function sumOp(subject: Subject, epoch: number, usual: number): LeakOp {
  const perDay = forgottenPerDay(usual)
  return { op: 'leak', key: `sum:${subject}:${epoch}`, add: 0, perDay, max: MAX_SUM }
}
