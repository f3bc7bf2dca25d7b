// What is usual for a subject: messages, first-timers and messages judged spam a day, means over 28 days. They stretch the sizes and the
// window, never the columns; so do mailings to known people. Nothing is learned while the sum says that it may be a bot's habit.

import { DAY } from '../../../model/duration.ts'
import {
  type Allowance,
  HABIT_BELOW,
  HABIT_MEMORY,
  HABIT_MOST,
  HABIT_SPAM_GROWS,
  SIZE_FIRST,
  SIZE_FIRST_MOST,
  SIZE_SPAM,
  SIZE_SPAM_MOST,
  SOURCE_STRETCH,
} from './tables.ts'
import type { SubjectRecord } from './state.ts'
import { MAILING, SPAM_TO_MANY, SPAM_TO_MANY_TIMES, USUAL_SPAM_MOST } from './mailing-tables.ts'

/** Before the message is counted: what came until now is learned once a day. */
export function learnHabit({ numbers }: SubjectRecord, at: number): void {
  const days = (at - numbers.habitAt) / DAY
  if (days <= 1) return
  if (numbers.habitAt > 0 && numbers.sum < HABIT_BELOW) {
    const share = 1 - Math.exp((-days * DAY) / HABIT_MEMORY)
    const late = (count: number, most: number) => Math.min(count, most) / days
    numbers.usualMessages += (late(numbers.lateMessages, Infinity) - numbers.usualMessages) * share
    numbers.usualFirst += (late(numbers.lateFirst, HABIT_MOST) - numbers.usualFirst) * share
    const { by, times, ofMessages } = HABIT_SPAM_GROWS
    const mostSpam = by + times * numbers.usualSpam + ofMessages * numbers.usualMessages
    const lateSpam = Math.min(mostSpam, late(numbers.lateSpam, HABIT_MOST))
    numbers.usualSpam += (lateSpam - numbers.usualSpam) * share
  }
  numbers.habitAt = at
  numbers.lateMessages = 0
  numbers.lateFirst = 0
  numbers.lateSpam = 0
}

export function countHabit({ numbers }: SubjectRecord, firstTimers: number, spam: boolean): void {
  numbers.lateMessages++
  numbers.lateFirst += firstTimers
  if (spam) numbers.lateSpam++
}

/**
 * A club, a choir: mail to many known people. The room is for as many as its clean mailings of one episode went to; none is made beside
 * mailings most of which are judged spam: these would be what the filter misses.
 */
export function noteMailing(
  { numbers }: SubjectRecord,
  {
    known,
    different,
    spam,
  }: { readonly known: number; readonly different: number; readonly spam: boolean },
): void {
  const { from, most } = MAILING
  if (known < from) return
  if (spam) {
    numbers.spamToMany += known
    return
  }
  numbers.cleanToMany += different
  if (numbers.sum >= HABIT_BELOW || isMostlySpam(numbers)) return
  numbers.mailingCap = Math.max(numbers.mailingCap, Math.min(most, numbers.cleanToMany))
}

/** Of what it sends to many: a club has one misjudged letter of eight, a worm one in ten that a filter misses. */
export const isMostlySpam = ({ spamToMany, cleanToMany }: SubjectRecord['numbers']): boolean =>
  spamToMany > SPAM_TO_MANY_TIMES * cleanToMany

/** Of a sender that has them: clean mailings beside one that is judged spam are a club's. */
export const isUsualMailing = (own: SubjectRecord | undefined, known: number): boolean =>
  known >= MAILING.from && own !== undefined && own.numbers.mailingCap >= MAILING.from

/** In the size of an episode: what is judged spam and goes to so many known people. */
export const spamUnits = (known: number): number => between(1, known, SPAM_TO_MANY)

/** Factor of the size of first-timers; also of the window for spam-judged mail to them. */
export const stretchFirst = ({ numbers }: SubjectRecord): number =>
  between(1, numbers.usualFirst / SIZE_FIRST, SIZE_FIRST_MOST)

/** Factor of the size of mail that is taken for spam. */
export const stretchSpam = ({ numbers }: SubjectRecord): number =>
  between(1, numbers.usualSpam / SIZE_SPAM, SIZE_SPAM_MOST)

/** Many logins are many habits. */
export const stretchSource = ({ kind, numbers }: SubjectRecord): number =>
  kind === 'source' ? Math.max(1, SOURCE_STRETCH * Math.sqrt(numbers.regulars)) : 1

/**
 * What the window takes to be usual: no more than its plan has at first. People are easily made, by a domain that takes all: one that writes
 * to many clean messages has no wider window for what is judged spam.
 */
export const usualIn = (
  { numbers }: SubjectRecord,
  { usual }: Allowance,
): { readonly messages: number; readonly spam: number } => ({
  messages: Math.min(numbers.usualMessages, usual),
  spam: Math.min(numbers.usualSpam, usual * USUAL_SPAM_MOST),
})

const between = (least: number, value: number, most: number): number =>
  Math.min(most, Math.max(least, value))
