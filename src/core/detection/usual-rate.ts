// How much a subscriber usually sends in a day: the n of the thresholds. From 28 days without the last three,
// so that a bot's first days do not make themselves usual, and never growing faster than by half in a week.

import type { Op, Reading } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Plan } from '../../model/subscriber.ts'

/** Units a day. The usual rate is never taken to be lower: a person who writes twice a week may write five times today. */
export const LEAST_USUAL = 5
/** Units a day, by plan. The usual rate is never taken to be higher. */
const CEILING: Readonly<Record<Plan, number>> = {
  consumer: 60,
  expert: 300,
  business: 600,
  site: 600,
}
/** Factor. The usual rate grows no faster than this in a week, so that a bot does not make itself usual. */
const WEEKLY_GROWTH = 1.5

const key = (subject: Subject) => `usual:${subject}`
/** The last days are left out of the usual rate. */
const LEFT_OUT = 3
/** Days behind which it is compared with the week before. */
const BEFORE = 10
/** Days from which it is made. */
const MADE_FROM = 28
/** From then on a subject is new again. */
const NEW_AGAIN = 60 * DAY
/** The three of them, in this order. */
const spans = [LEFT_OUT * DAY, BEFORE * DAY, MADE_FROM * DAY] as const

/** Reads the figure: to be peeked. */
export function usualOps(subject: Subject): Op[] {
  return [...sums(subject, 0), { op: 'mark', key: key(subject), ttl: NEW_AGAIN }]
}

/** One unit more, to be taken; not while the sum is above 4, when what is seen may be the bot's. */
export function learnUsualOps(subject: Subject): Op[] {
  return [...sums(subject, 1), { op: 'mark', key: key(subject), ttl: NEW_AGAIN }]
}

/** Units a day, from the readings of `usualOps`. */
export function usualRate(readings: readonly Reading[], at: number, plan: Plan): number {
  const [three, ten, month, mark] = readings
  const days = mark?.first === undefined ? 0 : Math.min(MADE_FROM, (at - mark.first) / DAY)
  const now = perDay((month?.value ?? 0) - (three?.value ?? 0), days - LEFT_OUT)
  const weekAgo = perDay((month?.value ?? 0) - (ten?.value ?? 0), days - BEFORE)
  const grown = days > BEFORE ? Math.min(now, WEEKLY_GROWTH * Math.max(LEAST_USUAL, weekAgo)) : now
  return Math.min(CEILING[plan], Math.max(LEAST_USUAL, grown))
}

function sums(subject: Subject, amount: number): Op[] {
  return spans.map(
    (window): Op => ({ op: 'sum', key: `${subject}#usual-${window / DAY}`, amount, window }),
  )
}

function perDay(units: number, days: number): number {
  return days < 1 ? 0 : units / days
}
