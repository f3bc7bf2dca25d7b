// May the next recipient get it now? Tokens are taken when mail leaves, of all subjects that it feeds or of none, in the order of its bucket: the caller asks
// only for the first that waits there.

import type { SubjectRecord } from '../state.ts'
import { usualIn } from '../habit.ts'
import { AGAIN } from '../mailing-tables.ts'
import { QUIET_A_DAY, QUIET_BONUS, type Allowance } from '../tables.ts'
import { sourceSize } from '../source-size.ts'
import { isTight } from './bucket-of.ts'
import { suspicion } from '../weigh-episode.ts'
import { isReached, noteReached } from '../spam-names.ts'
import { timesClean } from '../written.ts'
import { type Bucket, isStale, refill, suspectsADay, TOKENS } from './refill.ts'

export type WindowRequest = {
  readonly bucket: Bucket
  /** Recipients. */
  readonly units: number
  readonly judgedSpam: boolean
  /** Of a message to one recipient: a number for it, always the same. */
  readonly person?: number | undefined
}

export type WindowOutcome = {
  readonly taken: boolean
  /** As they are afterwards, also where nothing was taken: refilled. */
  readonly records: readonly SubjectRecord[]
}

/** One recipient's. `records`: the sender's own first, then the source's. */
export function take(
  records: readonly SubjectRecord[],
  request: Omit<WindowRequest, 'units'>,
  allowance: Allowance,
  at: number,
): WindowOutcome {
  const drafts = refilled(records, allowance, at)
  const [own] = drafts
  if (!own) return { taken: false, records: drafts }
  const { bucket, person } = request
  const judgedSpam = isAsSpam(request)
  const asked = { bucket, judgedSpam, units: 1, person }
  const now = own.numbers.at
  if (bucket === 'known') {
    const taken = !isTight(own) || has(own, asked, allowance)
    if (taken) pay(drafts, asked, now)
    return { taken, records: drafts }
  }
  if (bucket === 'spam-to-new' && isShut(drafts, now)) return { taken: false, records: drafts }
  const pays = payersOf(drafts, now).filter(one => !isFree(one, judgedSpam, now))
  if (!pays.every(one => has(one, asked, allowance))) return { taken: false, records: drafts }
  pay(drafts, asked, now)
  return { taken: true, records: drafts }
}

/** To known people there are no first-timers to count: what shares this bucket by its company is as if it were judged spam itself. */
const isAsSpam = ({ bucket, judgedSpam }: Omit<WindowRequest, 'units'>): boolean =>
  judgedSpam || bucket === 'spam-to-known'

/** Of drafts, whatever they have: below 0 is debt. What the owner's word gives is used first. */
export function pay(drafts: readonly SubjectRecord[], request: WindowRequest, at: number): void {
  const [own] = drafts
  const { bucket, units } = request
  const judgedSpam = isAsSpam(request)
  if (bucket === 'known') {
    if (own && isTight(own)) own.numbers.heldKnownTokens -= units
    return
  }
  for (const one of payersOf(drafts, at)) {
    const gift = judgedSpam ? 'freeSpam' : 'freeNew'
    const free = isFree(one, judgedSpam, at) ? Math.min(units, Math.ceil(one.numbers[gift])) : 0
    one.numbers[gift] -= free
    const cost = free > 0 ? units - free : costOf(one, request)
    one.numbers[TOKENS[bucket]] -= cost
    // What leaves so counts in the day of the exit, too.
    if (bucket !== 'new') one.numbers.suspectsToday += cost
    if (!judgedSpam) leave(one, units - free)
  }
}

/** An acceptance by an exchanger of the recipient's own domain stayed quiet for a minute. `domain`: a number for its organisational domain. */
export function acceptedQuietly(
  record: SubjectRecord,
  { domain, large }: { readonly domain: number; readonly large: boolean },
  allowance: Allowance,
  at: number,
): SubjectRecord {
  const [draft] = refilled([record], allowance, at)
  if (!draft) return record
  const { numbers, accepted } = draft
  if (numbers.sum >= QUIET_BONUS.below || isStale(draft)) return draft
  const slot = Math.abs(Math.trunc(domain)) % accepted.length || 0
  const seen = accepted[slot] as number
  if (seen >= (large ? QUIET_A_DAY.large : QUIET_A_DAY.domain)) return draft
  accepted[slot] = seen + 1
  const most = allowance.perDay * sourceSize(draft)
  numbers.newTokens = Math.min(most, numbers.newTokens + QUIET_BONUS.tokens)
  return draft
}

/** For changing here: the window weighs nothing, and shares what it only reads. */
const windowDraft = (record: SubjectRecord): SubjectRecord => ({
  ...record,
  numbers: { ...record.numbers },
  kinds: record.kinds.slice(),
  accepted: record.accepted.slice(),
  written: record.written.slice(),
})

/** Copies, up to `at`, and no earlier than any of them. */
export function refilled(
  records: readonly SubjectRecord[],
  allowance: Allowance,
  at: number,
): SubjectRecord[] {
  const drafts = records.map(windowDraft)
  for (const one of drafts) refill(one, allowance, at > one.numbers.at ? at : one.numbers.at)
  return drafts
}

/**
 * Those whose tokens it takes. A refused source takes no new mail, but what waits from there pays there still: 300 stolen logins are not 300
 * windows. Once the owner has said that it is theirs, only their own count.
 */
export function payersOf(records: readonly SubjectRecord[], at: number): readonly SubjectRecord[] {
  const vouched = at < (records[0]?.numbers.freeUntil ?? 0)
  return vouched ? records.filter(one => one.numbers.refusesAuth === 0) : records
}

/** A source of it is refused, and the owner has not said that it is theirs: what is judged spam waits for their word. */
export const isShut = (records: readonly SubjectRecord[], at: number): boolean =>
  payersOf(records, at).some(one => one.numbers.refusesAuth === 1)

/** Within the ceilings of a day and a week. */
export function isBelowCeiling(record: SubjectRecord, { perDay, perWeek }: Allowance): boolean {
  const size = sourceSize(record)
  const { leftToday, leftThisWeek } = record.numbers
  return leftToday < perDay * size && leftThisWeek < perWeek * size
}

export function leave({ numbers }: SubjectRecord, units: number): void {
  numbers.leftToday += units
  numbers.leftThisWeek += units
}

function has(record: SubjectRecord, asked: WindowRequest, allowance: Allowance): boolean {
  const { numbers } = record
  if (numbers[TOKENS[asked.bucket]] < priceOf(record, asked)) return false
  if (asked.bucket === 'spam-to-known' && isDayOver(record, allowance)) return false
  return asked.judgedSpam || asked.bucket === 'known' || isBelowCeiling(record, allowance)
}

/** Of one recipient. Another message to a person whom one reached today reaches no other; while its sender is suspected, each counts whole. */
function priceOf(
  record: SubjectRecord,
  { bucket, person }: Pick<WindowRequest, 'bucket' | 'person'>,
): number {
  const isAgain =
    bucket === 'spam-to-known' &&
    person !== undefined &&
    record.numbers.holds === 0 &&
    suspicion(record) < AGAIN.below &&
    isReached(record, person)
  return isAgain ? AGAIN.costs : 1
}

/** Of a draft: how many of the recipients count, and that this person was reached. */
export function costOf(
  draft: SubjectRecord,
  asked: Pick<WindowRequest, 'bucket' | 'person' | 'units'>,
): number {
  const { bucket, person, units } = asked
  const cost = priceOf(draft, asked) * units
  if (bucket === 'spam-to-known' && person !== undefined)
    noteReached(draft, person, timesClean(draft, person))
  return cost
}

/** Tokens give no second day to a sender of little mail: a worm had both. */
const isDayOver = (record: SubjectRecord, allowance: Allowance): boolean => {
  const { messages } = usualIn(record, allowance)
  return record.numbers.suspectsToday >= Math.max(suspectsADay(record, allowance), messages)
}

const isFree = ({ numbers }: SubjectRecord, judgedSpam: boolean, at: number): boolean =>
  at < numbers.freeUntil && (judgedSpam ? numbers.freeSpam : numbers.freeNew) > 0
