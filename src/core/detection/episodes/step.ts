// One step of the evidence by episodes: what was seen of a subject at one instant, and what that makes of it. Pure: the same record and the
// same observations give the same record, live, in replay and in simulation. All observations of an instant are counted before anything
// is weighed, so their order does not matter. Refused mail is not observed.

import { DAY } from '../../../model/duration.ts'
import { beginEpisode, learnAtOnce } from './begin-episode.ts'
import { decide, type EpisodeDecision, settle } from './decide.ts'
import { countHabit, learnHabit, noteMailing, spamUnits } from './habit.ts'
import {
  forgiveNetworks,
  isFresh,
  ownNetworks,
  properFrom,
  seenFrom,
  spamFrom,
} from './networks.ts'
import { columnIndex, type Column, draftOf, type EpisodeKind, type SubjectRecord } from './state.ts'
import { MOST_TRIALS, MOST_Z } from './tables.ts'
import { ANNOUNCED, OPENED, WORD_GIVES } from './words.ts'
import { noteWritten } from './written.ts'
import { addNats, forget, kindsOf, suspicion, weighEpisode } from './weigh-episode.ts'

export type Observation =
  /** Staff looked and let go; the case is over. */
  | { readonly kind: 'released' }
  /** The owner said "it was me", by a way that only the owner has. */
  | { readonly kind: 'was-me' }
  /** By the owner in the portal, or by staff: a mailing to so many begins. It lasts for a day, or so long (ms). */
  | { readonly kind: 'announced'; readonly recipients: number; readonly lasts?: number }
  /** By staff, who may open it for longer and for more. */
  | { readonly kind: 'opened'; readonly recipients: number; readonly lasts: number }
  | {
      readonly kind: 'message'
      readonly recipients: number
      /** Those recipients that never got mail from this subject and are owed no reply. */
      readonly firstTimers: number
      /** A number for each recipient, always the same; without it each message is taken to go to people of its own. */
      readonly people?: readonly number[]
      readonly judged: 'spam' | 'clean' | 'unseen'
      /** A limit or a rule holds it: no recipient has it yet. */
      readonly held?: true
      /** It is paced as if it were judged spam, and counts nothing by that: but the exit for such mail waits until there is no more of it. */
      readonly pacedAsSpam?: true
      /** Of a login away from its line: a number other than 0 for the AS or country. */
      readonly network?: number
      /** Of a source: logins that lately wrote from there to people they know. */
      readonly regulars?: number
    }
  | {
      readonly kind: 'answer'
      readonly toFirstTimer: boolean
      readonly said: 'taken' | 'no-such-user' | 'refused-as-spam'
    }
  /** Mail from the network got a reply, or a proper answer from known people. */
  | { readonly kind: 'proper'; readonly network: number }
  /** Evidence that brings its own nats: complaints, what the network saw, campaigns, clients; of `recipients`: a trap. */
  | {
      readonly kind: 'sign'
      readonly sign: Exclude<EpisodeKind, 'content' | 'results' | 'refusals'>
      readonly nats: number
    }

export type Stepped = {
  readonly state: SubjectRecord
  /** Nats: of this episode, of all, and what window and holds go by. */
  readonly z: number
  readonly sum: number
  readonly suspicion: number
  readonly kinds: readonly EpisodeKind[]
  readonly decision: EpisodeDecision
  /** A message came from a network that is not the login's own. */
  readonly fresh: boolean
}

/** `at`, ms since 1970, is taken to be no earlier than the record: a clock that was set back forgets nothing and gains nothing. */
export function step(
  record: SubjectRecord,
  observations: readonly Observation[],
  at: number,
): Stepped {
  const draft = draftOf(record)
  const fresh = advance(draft, observations, at)
  return {
    state: draft,
    z: draft.numbers.z,
    sum: draft.numbers.sum,
    suspicion: suspicion(draft),
    kinds: kindsOf(draft),
    decision: decide(draft),
    fresh,
  }
}

/**
 * The same on a record that the caller alone has: it is changed. Returns whether a message came from a network that is not the login's own.
 */
export function advance(
  draft: SubjectRecord,
  observations: readonly Observation[],
  at: number,
): boolean {
  const now = at > draft.numbers.at ? at : draft.numbers.at
  forget(draft, now)
  let fresh = false
  for (const one of inOrder(observations)) {
    if (one.kind === 'message' && one.network) fresh ||= isFresh(draft, one.network)
    observe(draft, one, now)
  }
  weighEpisode(draft)
  settle(draft)
  return fresh
}

/** What people said comes first, because it halves what was known; then the rest in any order that is always the same. */
const inOrder = (observations: readonly Observation[]): readonly Observation[] =>
  isInOrder(observations)
    ? observations
    : observations.toSorted(
        (a, b) => FIRST.indexOf(a.kind) - FIRST.indexOf(b.kind) || byWords(a, b),
      )

/** Different kinds, in their order. */
function isInOrder(observations: readonly Observation[]): boolean {
  for (let i = 1; i < observations.length; i++)
    if (rankOf(observations, i - 1) >= rankOf(observations, i)) return false
  return true
}

const rankOf = (observations: readonly Observation[], at: number): number =>
  FIRST.indexOf((observations[at] as Observation).kind)

function byWords(one: Observation, other: Observation): number {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** Others come before. */
const FIRST: readonly Observation['kind'][] = ['message', 'answer', 'proper', 'sign']

function observe(draft: SubjectRecord, one: Observation, at: number): void {
  switch (one.kind) {
    case 'message':
      return message(draft, one, at)
    case 'answer':
      return answer(draft, one)
    case 'proper':
      return properFrom(draft, one.network, at)
    case 'sign':
      return addNats(draft, one.sign, bounded(one.nats, 0, MOST_Z))
    case 'was-me':
      return wasMe(draft, at)
    case 'announced':
      return announced(draft, { lasts: WORD_LASTS, ...one }, ANNOUNCED.most, at)
    case 'opened':
      return announced(draft, one, OPENED.most, at)
    case 'released':
      return released(draft)
  }
}

function message(
  draft: SubjectRecord,
  one: Extract<Observation, { kind: 'message' }>,
  at: number,
): void {
  const { numbers } = draft
  const recipients = Math.floor(bounded(one.recipients, 0, MOST_RECIPIENTS))
  const first = Math.floor(bounded(one.firstTimers, 0, recipients))
  const spam = one.judged === 'spam'
  if (draft.kind === 'source') numbers.regulars = bounded(one.regulars ?? 0, 0, MOST_REGULARS)
  const strange = one.network ? isFresh(draft, one.network) : false
  beginEpisode(draft, at)
  if (one.network) seenFrom(draft, one.network, at)
  if (one.network && strange && spam) spamFrom(draft, one.network)
  learnHabit(draft, at)
  const people = one.people && new Set(one.people)
  const { different, counts } = noteWritten(draft, people, { recipients, spam })
  // Clean mail that reached none is no habit.
  const reached = spam || !one.held
  const known = Math.min(recipients, people?.size ?? recipients) - first
  if (counts && reached) countHabit(draft, first, spam)
  count(draft, 'firstTimers', recipients, first)
  numbers.firstTimers += first
  if (spam && counts) numbers.judgedSpam += spamUnits(known)
  if (spam || (one.judged === 'clean' && reached))
    noteMailing(draft, { known, different: Math.max(0, different - first), spam })
  if (spam || one.pacedAsSpam) numbers.lastSpamAt = at
  // Mail to the same people again is no proof, of a clean sender or of a bot.
  if (one.judged !== 'unseen' && counts)
    count(draft, first > 0 ? 'spamToNew' : 'spamToKnown', 1, spam ? 1 : 0)
}

function answer(
  draft: SubjectRecord,
  { said, toFirstTimer }: Extract<Observation, { kind: 'answer' }>,
): void {
  const unknown = said === 'no-such-user'
  const { numbers } = draft
  if (toFirstTimer) {
    count(draft, 'unknownUsers', 1, unknown ? 1 : 0)
    numbers.lateAnswers++
    if (unknown) numbers.lateGone++
  }
  // Whatever the window had given so far.
  if (said === 'refused-as-spam') numbers.newTokens = Math.min(numbers.newTokens, 1)
  if (!unknown) count(draft, 'refusals', 1, said === 'refused-as-spam' ? 1 : 0)
}

/** What a word of the owner, or of staff about a mailing, opens lasts for this time. */
const WORD_LASTS = DAY

/** Half of the sum goes, and the episode is learned. How often that may be said is for the case to know. */
function wasMe(draft: SubjectRecord, at: number): void {
  draft.numbers.sum /= 2
  give(draft, { ...WORD_GIVES, lasts: WORD_LASTS }, at)
  learnAtOnce(draft)
  ownNetworks(draft, at)
}

/** It says nothing of what came before: no sum is halved, and nothing is learned. Two on a day are not added. */
function announced(
  draft: SubjectRecord,
  { recipients, lasts }: { readonly recipients: number; readonly lasts: number },
  most: number,
  at: number,
): void {
  const all = bounded(recipients, 0, most)
  const spam = Math.max(WORD_GIVES.spam, Math.floor(all * ANNOUNCED.spam))
  give(draft, { clean: all, spam, lasts }, at)
}

/** What is left of what was given before is not added, and keeps its own end where that is later. */
function give(
  { numbers }: SubjectRecord,
  gift: { readonly clean: number; readonly spam: number; readonly lasts: number },
  at: number,
): void {
  const left = (free: number) => (at < numbers.freeUntil ? free : 0)
  numbers.freeNew = Math.max(left(numbers.freeNew), gift.clean)
  numbers.freeSpam = Math.max(left(numbers.freeSpam), gift.spam)
  numbers.freeUntil = Math.max(numbers.freeUntil, at + bounded(gift.lasts, 0, OPENED.lasts))
}

/** Everything is forgotten but habits; what is left of the episode adds nothing. */
function released(draft: SubjectRecord): void {
  learnAtOnce(draft)
  draft.numbers.sum = 0
  draft.numbers.z = MOST_Z
  draft.numbers.holds = 0
  draft.numbers.refusesAuth = 0
  draft.kinds.fill(0)
  forgiveNetworks(draft)
}

/** More than fit are counted in proportion. */
function count({ tried, hit }: SubjectRecord, column: Column, trials: number, hits: number): void {
  const at = columnIndex(column)
  const room = MOST_TRIALS - (tried[at] as number)
  const counted = Math.min(room, trials)
  if (counted <= 0) return
  tried[at] = (tried[at] as number) + counted
  hit[at] = (hit[at] as number) + Math.round((hits * counted) / trials)
}

/** What one message may say at most; doors accept fewer. */
const MOST_RECIPIENTS = 65_535
const MOST_REGULARS = 1e6

/** No number is none: the least. */
const bounded = (value: number, least: number, most: number): number =>
  value >= least ? Math.min(most, value) : least
