// The buckets of the window and how they fill: at most so much unproven mail is on its way, whatever is thought of its sender. The higher the
// suspicion, the more slowly; never more slowly than one token in 48 hours.

import { DAY, HOUR } from '../../../../model/duration.ts'
import { stretchFirst, usualIn } from '../habit.ts'
import { sourceSize } from '../source-size.ts'
import type { SubjectRecord } from '../state.ts'
import {
  type Allowance,
  HELD_KNOWN,
  LEAST_PER_HOUR,
  QUIET_BONUS,
  SLOWER_BY,
  SLOWER_FROM,
  SPAM_TO_KNOWN,
  SPAM_TO_KNOWN_RATE,
  SPAM_TO_NEW,
  STALE,
  SUSPECT_MOST,
} from '../tables.ts'
import { forget, suspicion } from '../weigh-episode.ts'
import { MAILING } from '../mailing-tables.ts'
import { beginReached } from '../spam-names.ts'

/**
 * What mail waits for. `new`: clean or unscanned, to first-timers. `spam-to-known`. `spam-to-new`: judged spam, to a first-timer or from a
 * fresh network, and its companions. `known`: clean, to known people; only during a hold does it cost a token.
 */
export type Bucket = 'known' | 'new' | 'spam-to-known' | 'spam-to-new'

export const TOKENS = {
  known: 'heldKnownTokens',
  new: 'newTokens',
  'spam-to-known': 'spamToKnownTokens',
  'spam-to-new': 'spamToNewTokens',
} as const satisfies Readonly<Record<Bucket, keyof SubjectRecord['numbers']>>

/** Share of its tokens that a sender who has not been seen for long has. */
const STALE_SHARE = 0.5
/** Days in which what left in a week is forgotten to 37 %. */
const WEEK = 7

export type Rate = { readonly cap: number; readonly perHour: number }

/** Tokens at most, and an hour, as things stand. */
export function rateOf(record: SubjectRecord, bucket: Bucket, allowance: Allowance): Rate {
  const x = suspicion(record)
  const size = sourceSize(record)
  switch (bucket) {
    case 'known':
      return {
        cap: HELD_KNOWN.cap,
        perHour: Math.max(HELD_KNOWN.perHour, record.numbers.usualMessages / 24),
      }
    case 'new': {
      const slower = size * slowed(x, SLOWER_FROM.new)
      const perHour = allowance.perHour * slower * (isStale(record) ? STALE_SHARE : 1)
      return { cap: allowance.cap * slower, perHour }
    }
    case 'spam-to-known': {
      const { cap, most, habitMost, habitDays } = SPAM_TO_KNOWN
      const { messages, spam } = usualIn(record, allowance)
      const own = cap + Math.min(habitMost, messages / habitDays) + spam
      const slower = slowed(x, SLOWER_FROM.spamToKnown)
      return {
        cap: Math.min(most, own) * slower,
        perHour: spamToKnownRate(record, allowance) * slower,
      }
    }
    case 'spam-to-new': {
      const slower = slowed(x, SLOWER_FROM.spamToNew)
      const perHour = SPAM_TO_NEW.perHour * stretchFirst(record) * slower * size
      return { cap: SPAM_TO_NEW.cap * slower, perHour }
    }
  }
}

/** Recipients of what is judged spam that a day lets go. */
export const suspectsADay = (record: SubjectRecord, allowance: Allowance): number =>
  (SUSPECT_MOST.aDay + SUSPECT_MOST.habit * usualIn(record, allowance).spam) * sourceSize(record)

/** Up to `at`. */
export function refill(draft: SubjectRecord, allowance: Allowance, at: number): void {
  forget(draft, at)
  const { numbers } = draft
  const hours = (at - numbers.tokensAt) / HOUR
  if (!(hours > 0)) return
  for (const bucket of Object.keys(TOKENS) as Bucket[]) {
    const rate = rateOf(draft, bucket, allowance)
    numbers[TOKENS[bucket]] = grown(numbers[TOKENS[bucket]], rate, hours, keptAbove(draft, bucket))
  }
  const { mailingCap } = numbers
  const room = numbers.mailingTokens + (hours * HOUR * mailingCap) / MAILING.every
  numbers.mailingTokens = Math.min(mailingCap, room)
  numbers.tokensAt = at
  const fade = Math.exp((-hours * HOUR) / DAY)
  numbers.lateAnswers *= fade
  numbers.lateGone *= fade
  beginDay(draft, at)
}

/** A tenth of its first-timers is gone: the list is stale, and its mail leaves at half the rate. */
export function isStale({ numbers }: SubjectRecord): boolean {
  const { lateAnswers, lateGone } = numbers
  return (
    lateAnswers >= STALE.answers && (lateGone - Math.sqrt(lateGone)) / lateAnswers > STALE.share
  )
}

const slowed = (suspected: number, from: number): number =>
  suspected <= from ? 1 : Math.exp(-(suspected - from) / SLOWER_BY)

function spamToKnownRate(record: SubjectRecord, allowance: Allowance): number {
  const { least, most, habitDays, spamDays } = SPAM_TO_KNOWN_RATE
  const { messages, spam } = usualIn(record, allowance)
  return Math.max(least, Math.min(most, messages / habitDays)) + spam / spamDays
}

/** What acceptances gave may stand above the cap while the sum is low. */
const keptAbove = ({ numbers }: SubjectRecord, bucket: Bucket): boolean =>
  bucket === 'new' && numbers.sum < QUIET_BONUS.below

function grown(tokens: number, { cap, perHour }: Rate, hours: number, keeps: boolean): number {
  const most = Math.max(1, cap)
  if (tokens > most) return keeps ? tokens : most
  return Math.min(most, tokens + hours * Math.max(LEAST_PER_HOUR, perHour))
}

function beginDay(draft: SubjectRecord, at: number): void {
  const { numbers } = draft
  const day = Math.floor(at / DAY)
  if (day === numbers.windowDay) return
  if (numbers.windowDay > 0) numbers.leftThisWeek *= Math.exp(-(day - numbers.windowDay) / WEEK)
  numbers.windowDay = day
  numbers.leftToday = 0
  numbers.suspectsToday = 0
  numbers.knownToday = 0
  draft.accepted.fill(0)
  beginReached(draft)
}
