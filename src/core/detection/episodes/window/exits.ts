// Ways out of the window besides tokens, so that nothing waits for ever: clean mail after a day; spam-judged mail when nothing new is judged spam
// for long enough (few a day, and only while few wait); what is left returns to its sender's own mailbox.

import { DAY, HOUR } from '../../../../model/duration.ts'
import type { SubjectRecord } from '../state.ts'
import {
  type Allowance,
  CLEAN_EXIT,
  CLEAN_EXIT_BELOW,
  CLEAN_EXIT_MOST,
  HOLD_ENDS,
  RETURNS_AFTER,
  SUSPECT_CALM,
  SUSPECT_MOST,
  SUSPECT_STEPS,
} from '../tables.ts'
import { suspicion } from '../weigh-episode.ts'
import { type Bucket, suspectsADay } from './refill.ts'
import {
  costOf,
  isBelowCeiling,
  isShut,
  leave,
  payersOf,
  refilled,
  type WindowRequest,
} from './take.ts'

export type Waits = {
  readonly bucket: Bucket
  readonly judgedSpam: boolean
  readonly since: number
  /** In its bucket, itself included: recipients of clean mail, messages of what is judged spam. */
  readonly waiting: number
  /** Recipients of its message, with those that have it already. */
  readonly size: number
  /** Another recipient of its message left by this exit already: to known people it goes to all. */
  readonly messageLeft: boolean
  /** Of a message to one recipient. */
  readonly person?: number | undefined
}

export type Exit = {
  readonly exit: 'leaves' | 'returns' | 'waits'
  readonly records: readonly SubjectRecord[]
}

/** For the next recipient that waits. */
export function exit(
  records: readonly SubjectRecord[],
  waits: Waits,
  allowance: Allowance,
  at: number,
): Exit {
  const drafts = refilled(records, allowance, at)
  const suspect = isSuspect(waits.bucket)
  const last = drafts[0]?.numbers.at ?? at
  // A clock that was set back: what was seen by the one before is in the future, and no time has gone by since.
  const now = at < last ? at : last
  const leaves = suspect
    ? leavesAsSuspect(drafts, waits, { allowance, at: now })
    : leavesAsClean(drafts, waits, { allowance, at: now })
  if (leaves) return { exit: 'leaves', records: drafts }
  const late = suspect && now - waits.since > RETURNS_AFTER
  return { exit: late ? 'returns' : 'waits', records: drafts }
}

type Now = { readonly allowance: Allowance; readonly at: number }

function leavesAsSuspect(drafts: SubjectRecord[], waits: Waits, now: Now): boolean {
  const { allowance, at } = now
  const [own] = drafts
  if (!own || isShut(drafts, at)) return false
  const pays = payersOf(drafts, at)
  const x = Math.max(...pays.map(suspicion))
  const step = SUSPECT_STEPS.find(([below]) => x < below)
  if (!step) return false
  const quiet = Math.min(at - waits.since, at - own.numbers.lastSpamAt)
  if (quiet < step[1] * HOUR) return false
  const known = waits.bucket === 'spam-to-known'
  if (known && waits.messageLeft) {
    // To known people it goes to all, and each of them counts: a worm that writes to fifty at once has no fifty times as much.
    payForExit(drafts, { ...waits, units: 1 }, now)
    return true
  }
  const calm = x < SUSPECT_CALM
  const most = (one: SubjectRecord) =>
    suspectsADay(one, allowance) * step[2] * (known || !calm ? 1 : 1 + Math.floor(quiet / DAY))
  if (pays.some(one => one.numbers.suspectsToday >= most(one))) return false
  if (known && pays.some(one => !mayOwe(one, waits.size, allowance))) return false
  const few = x >= HOLD_ENDS && known ? SUSPECT_MOST.waitingKnown : SUSPECT_MOST.waiting
  // A mailing that a filter takes for spam is no backlog of a bot while little speaks against its sender.
  if ((known || !calm) && waits.waiting > few) return false
  payForExit(drafts, { ...waits, units: 1 }, now)
  return true
}

/** A message to more people than are left of the day leaves whole, if nothing is owed for another and it is not to more than days can pay. */
function mayOwe(one: SubjectRecord, recipients: number, allowance: Allowance): boolean {
  const aDay = suspectsADay(one, allowance)
  const { suspectsToday, spamToKnownTokens, mailingTokens } = one.numbers
  const size = recipients - Math.min(recipients, mailingTokens)
  if (suspectsToday + size <= aDay) return true
  return spamToKnownTokens >= 0 && size <= aDay * SUSPECT_MOST.daysAtOnce
}

/** Of drafts: what leaves by an exit counts in its day, and what to known people is more than a day lets go is owed. */
export function payForExit(
  drafts: readonly SubjectRecord[],
  asked: Omit<WindowRequest, 'judgedSpam'>,
  { allowance, at }: Now,
): void {
  const { bucket, units } = asked
  const [own] = drafts
  if (bucket === 'known') {
    if (own) own.numbers.knownToday++
    return
  }
  for (const one of payersOf(drafts, at)) {
    if (!isSuspect(bucket)) leave(one, units)
    else {
      const cost = costOf(one, asked)
      const free = Math.max(suspectsADay(one, allowance), one.numbers.suspectsToday)
      const toKnown = bucket === 'spam-to-known'
      const ofMailing = toKnown ? Math.min(cost, one.numbers.mailingTokens) : 0
      one.numbers.mailingTokens -= ofMailing
      one.numbers.suspectsToday += cost - ofMailing
      if (toKnown) one.numbers.spamToKnownTokens -= Math.max(0, one.numbers.suspectsToday - free)
    }
  }
}

/** By what a filter says of it, or of the mail beside it. */
const isSuspect = (bucket: Bucket): boolean => bucket.startsWith('spam')

function leavesAsClean(drafts: SubjectRecord[], waits: Waits, now: Now): boolean {
  const { allowance, at } = now
  const [own] = drafts
  if (!own || at - waits.since <= CLEAN_EXIT) return false
  const pays = payersOf(drafts, at)
  if (pays.some(one => one.numbers.sum >= CLEAN_EXIT_BELOW)) return false
  if (waits.bucket === 'known') {
    if (waits.messageLeft) return true
    const { knownADay, knownUsual } = CLEAN_EXIT_MOST
    if (own.numbers.knownToday >= Math.max(knownADay, knownUsual * own.numbers.usualMessages))
      return false
    payForExit(drafts, { ...waits, units: 1 }, now)
    return true
  }
  if (waits.waiting > CLEAN_EXIT_MOST.waiting) return false
  // The sender's own ceiling lets it go: it waited for a day.
  if (pays.some(one => one !== own && !isBelowCeiling(one, allowance))) return false
  payForExit(drafts, { ...waits, units: 1 }, now)
  return true
}
