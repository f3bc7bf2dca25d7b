// From one episode to the next: what the last one was is remembered, because a topic lasts days and a mailing comes again; and every subject
// learns weights of its own, with a delay, so that a bot cannot make itself usual before it is seen.

import { DAY } from '../../../model/duration.ts'
import { posterior } from './mixture.ts'
import type { SubjectRecord } from './state.ts'
import {
  CLEAN,
  type CleanClass,
  EPISODE_CUT,
  EPISODE_GAP,
  LEARN_AFTER,
  LEARN_BELOW,
  LEARN_CEILING,
  LEARN_LEAST,
  LEARN_MOST,
  LEARNED_KEPT,
  PERSISTENCE_FREE,
  SHIPPED_WORTH,
  UNUSUAL_MOST,
  WORD_WORTH,
} from './tables.ts'
import { SPAM_TO_MANY_KEPT } from './mailing-tables.ts'
import { seenOf } from './weigh-episode.ts'
import { beginWritten } from './written.ts'

/** Before something is counted that its subject sent: closes the episode if that is due, and goes on with the next. */
export function beginEpisode(draft: SubjectRecord, at: number): void {
  const { numbers } = draft
  const goesOn = at - numbers.episodeLast <= EPISODE_GAP && at - numbers.episodeFrom < EPISODE_CUT
  if (goesOn) {
    numbers.episodeLast = at
    return
  }
  if (numbers.episodeLast > 0) {
    const was = posterior(seenOf(draft), draft.prior)
    learnBuckets(draft, was, at)
    weighAnew(draft, was, at - numbers.episodeLast)
  }
  numbers.episodeFrom = at
  numbers.episodeLast = at
  numbers.z = 0
  numbers.firstTimers = 0
  numbers.judgedSpam = 0
  numbers.spamToMany *= SPAM_TO_MANY_KEPT
  numbers.cleanToMany = 0
  draft.tried.fill(0)
  draft.hit.fill(0)
  beginWritten(draft)
}

/** At once, by the owner's word or a release: this episode was theirs. */
export function learnAtOnce(draft: SubjectRecord): void {
  const was = posterior(seenOf(draft), draft.prior)
  for (let j = 0; j < was.length; j++) add(draft.learned, j, WORD_WORTH * (was[j] as number))
  draft.numbers.learnedSum += WORD_WORTH
}

function learnBuckets(draft: SubjectRecord, was: Float64Array, at: number): void {
  const { numbers, learned, newBucket, oldBucket } = draft
  if (at - numbers.learnedAt > LEARN_AFTER) {
    numbers.learnedAt = at
    if (numbers.sum >= LEARN_BELOW) oldBucket.fill(0)
    else {
      numbers.learnedSum = 0
      for (let j = 0; j < learned.length; j++) {
        learned[j] = (learned[j] as number) * LEARNED_KEPT + (oldBucket[j] as number)
        numbers.learnedSum += learned[j] as number
      }
      oldBucket.set(newBucket)
    }
    newBucket.fill(0)
    numbers.mailingCap *= LEARNED_KEPT
  }
  for (let j = 0; j < was.length; j++) add(newBucket, j, was[j] as number)
}

function weighAnew(draft: SubjectRecord, was: Float64Array, gap: number): void {
  const { prior, persisting } = draft
  let unusual = 0
  for (let j = 1; j < prior.length; j++) {
    const one = CLEAN[j] as CleanClass
    const fades = Math.exp(-Math.max(0, gap - PERSISTENCE_FREE) / (one.days * DAY))
    persisting[j] = Math.max(was[j] as number, (persisting[j] as number) * one.keeps) * fades
    prior[j] = ownWeight(draft, j, one.weight) + one.persists * (persisting[j] as number)
    unusual += prior[j] as number
  }
  if (unusual > UNUSUAL_MOST)
    for (let j = 1; j < prior.length; j++)
      prior[j] = ((prior[j] as number) * UNUSUAL_MOST) / unusual
  prior[0] = 1 - Math.min(UNUSUAL_MOST, unusual)
}

/** Between the shipped weight and what was learned, within bounds of the shipped one. */
function ownWeight({ learned, numbers }: SubjectRecord, j: number, shipped: number): number {
  const weight =
    (shipped * SHIPPED_WORTH + (learned[j] as number)) / (SHIPPED_WORTH + numbers.learnedSum)
  const most = Math.min(LEARN_MOST * shipped, LEARN_CEILING)
  return Math.min(most, Math.max(shipped / LEARN_LEAST, weight))
}

const add = (to: Float32Array, j: number, value: number): void => {
  to[j] = (to[j] as number) + value
}
