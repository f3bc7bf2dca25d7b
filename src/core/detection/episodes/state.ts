// All that is known of one subject: its episode, sum, habits, window and networks, in one record of one size (record.ts has its bytes).
// Functions of this room that take a `draft` change it; step.ts and the window make the drafts, and give nothing else away.

import {
  type Allowance,
  CLEAN,
  HELD_KNOWN,
  ROAMING_PRIOR,
  SPAM_TO_KNOWN,
  SPAM_TO_NEW,
} from './tables.ts'
import { WRITTEN_BYTES } from './mailing-tables.ts'

/** A source is a foreign address from which several logins send. */
export const KINDS_OF_SUBJECT = ['line', 'login', 'source'] as const
export type KindOfSubject = (typeof KINDS_OF_SUBJECT)[number]

/** Columns of the table, in the order of the counts. */
export const COLUMNS = [
  'firstTimers',
  'spamToNew',
  'spamToKnown',
  'unknownUsers',
  'refusals',
] as const
export type Column = (typeof COLUMNS)[number]
export const columnIndex = (column: Column): number => COLUMNS.indexOf(column)

/** Kinds of evidence. The first four come from the mixture; the others bring nats of their own. */
export const EPISODE_KINDS = [
  'content',
  'recipients',
  'results',
  'refusals',
  'authentication',
  'network',
  'reports',
  'campaign',
  'client',
] as const
export type EpisodeKind = (typeof EPISODE_KINDS)[number]

/** Times are ms since 1970, 0: never. */
export type Numbers = {
  /** When the record was changed last; time does not go back before it. */
  at: number
  /** Nats. */
  sum: number
  /** Nats: the highest of this episode. */
  z: number
  episodeFrom: number
  episodeLast: number
  /** First-timers attempted, and messages judged spam, in this episode; what waits is included. */
  firstTimers: number
  judgedSpam: number
  lastSpamAt: number
  learnedAt: number
  /** Of all classes together. */
  learnedSum: number
  /** 1 while a hold lasts. */
  holds: number
  /** 1 while AUTH from this source is refused. */
  refusesAuth: number
  /** Of a source: logins that lately wrote from there to people they know. */
  regulars: number
  usualMessages: number
  usualFirst: number
  usualSpam: number
  /** Since `habitAt`. */
  lateMessages: number
  lateFirst: number
  lateSpam: number
  habitAt: number
  /** Of the login's day: networks counted, new ones, and the nats they gave. */
  networkDay: number
  networksToday: number
  newToday: number
  networkNats: number
  roamingPrior: number
  roamingNow: number
  /** Tokens of the window's buckets, when they were refilled; below 0: debt of a message larger than the bucket. */
  newTokens: number
  spamToKnownTokens: number
  spamToNewTokens: number
  heldKnownTokens: number
  tokensAt: number
  /** Since 1970; of it: first-timers that left, and messages that left by an exit, spam-judged or to known people. */
  windowDay: number
  leftToday: number
  suspectsToday: number
  knownToday: number
  /** First-timers that left lately: a seventh a day is forgotten. */
  leftThisWeek: number
  /** Answers for first-timers, and how many of them were no such user, fading within a day. */
  lateAnswers: number
  lateGone: number
  /** What the owner's word gives, until when. */
  freeNew: number
  freeSpam: number
  freeUntil: number
  /** Known people that a mailing which is judged spam may reach beside the exit's day: at most, a little less each week without clean ones, and now. */
  mailingCap: number
  mailingTokens: number
  /** Recipients of mailings to known people: judged spam in this episode, and by half in the one before, and different ones of clean ones in this. */
  spamToMany: number
  cleanToMany: number
}

export type Network = {
  /** Of its AS or country; 0: the slot is free. */
  readonly hash: number
  /** Days since 1970. */
  readonly first: number
  readonly last: number
  /** The last day with a reply or a proper answer, and how many there were. */
  readonly properLast: number
  readonly properDays: number
  readonly known: boolean
  /** The login is refused from there. */
  readonly refused: boolean
  /** Messages judged spam from there, while it was not known. */
  readonly spam: number
}

export type SubjectRecord = {
  readonly kind: KindOfSubject
  readonly numbers: Numbers
  /** Trials and hits of each column. */
  readonly tried: Uint16Array
  readonly hit: Uint16Array
  /** Nats of each kind; 0: not counted. */
  readonly kinds: Float32Array
  /** One for each clean class: the weights of this episode, what persists, what is learned, and the buckets it comes from. */
  readonly prior: Float32Array
  readonly persisting: Float32Array
  readonly learned: Float32Array
  readonly newBucket: Float32Array
  readonly oldBucket: Float32Array
  /** Acceptances of today that gave a token, by domain; two domains may share a number. */
  readonly accepted: Uint8Array
  /** A bit for each person whom this episode wrote to: half of them for mail that is not judged spam, half for what is. Two people may share one. */
  readonly written: Uint8Array
  /** Latest use first; the one not used for longest is forgotten for a new one. */
  networks: readonly Network[]
}

/** Numbers for the acceptances of today. */
export const ACCEPTED = 64
/** Networks of a login that are remembered. */
export const MOST_NETWORKS = 24

/** First-timers, and messages judged spam, a day that are usual for a subject of which nothing is known yet. [est] */
const USUAL_FIRST = 1
const USUAL_SPAM = 0.1

/** Of a subject of which nothing is known. */
export function newRecord(kind: KindOfSubject, at: number, allowance: Allowance): SubjectRecord {
  return {
    kind,
    numbers: newNumbers(at, allowance),
    tried: new Uint16Array(COLUMNS.length),
    hit: new Uint16Array(COLUMNS.length),
    kinds: new Float32Array(EPISODE_KINDS.length),
    prior: Float32Array.from(CLEAN, ({ weight }) => weight),
    persisting: new Float32Array(CLEAN.length),
    learned: new Float32Array(CLEAN.length),
    newBucket: new Float32Array(CLEAN.length),
    oldBucket: new Float32Array(CLEAN.length),
    accepted: new Uint8Array(ACCEPTED),
    written: new Uint8Array(WRITTEN_BYTES),
    networks: [],
  }
}

function newNumbers(at: number, { usual, cap }: Allowance): Numbers {
  return {
    at,
    sum: 0,
    z: 0,
    episodeFrom: 0,
    episodeLast: 0,
    firstTimers: 0,
    judgedSpam: 0,
    lastSpamAt: 0,
    learnedAt: 0,
    learnedSum: 0,
    holds: 0,
    refusesAuth: 0,
    regulars: 0,
    usualMessages: usual,
    usualFirst: USUAL_FIRST,
    usualSpam: USUAL_SPAM,
    lateMessages: 0,
    lateFirst: 0,
    lateSpam: 0,
    habitAt: 0,
    networkDay: 0,
    networksToday: 0,
    newToday: 0,
    networkNats: 0,
    roamingPrior: ROAMING_PRIOR,
    roamingNow: ROAMING_PRIOR,
    newTokens: cap,
    spamToKnownTokens: SPAM_TO_KNOWN.cap,
    spamToNewTokens: SPAM_TO_NEW.cap,
    heldKnownTokens: HELD_KNOWN.cap,
    tokensAt: 0,
    windowDay: 0,
    leftToday: 0,
    suspectsToday: 0,
    knownToday: 0,
    leftThisWeek: 0,
    lateAnswers: 0,
    lateGone: 0,
    freeNew: 0,
    freeSpam: 0,
    freeUntil: 0,
    mailingCap: 0,
    mailingTokens: 0,
    spamToMany: 0,
    cleanToMany: 0,
  }
}

/** A copy of the record that may be changed. */
export function draftOf(record: SubjectRecord): SubjectRecord {
  const { kind, numbers, tried, hit, kinds, prior, persisting, networks } = record
  return {
    kind,
    numbers: { ...numbers },
    tried: tried.slice(),
    hit: hit.slice(),
    kinds: kinds.slice(),
    prior: prior.slice(),
    persisting: persisting.slice(),
    learned: record.learned.slice(),
    newBucket: record.newBucket.slice(),
    oldBucket: record.oldBucket.slice(),
    accepted: record.accepted.slice(),
    written: record.written.slice(),
    networks,
  }
}
