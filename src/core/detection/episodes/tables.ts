// Every number of the evidence by episodes: the classes of the two mixtures, and the constants. docs/evidence.md prints all of it. With
// `evidence.episodes: pace` the window is in force (src/engine/evidence/window.ts), and incidents and decisions are made of what
// src/core/detection/weigh.ts says: what these numbers would decide is only told (src/engine/evidence/episodes.ts). With `decide` it is
// in force (src/engine/evidence/decide-case.ts), and of the former only what the network sees and traps are added up.
//
// Sources. [proto]: chosen on a prototype of 40 kinds of people and 30 kinds of bots with errors that come in runs; the bounds
// hold there with rates of clean mail halved. [spot]: Duan et al., "Detecting Spam Zombies by Monitoring Outgoing Messages" (a filter is
// right on about nine spams of ten). [mox]: mox's limit of 200 first-time recipients a day. [sim]: chosen by `cordon simulate` on
// populations/first.yaml. [est]: our estimate, to be fitted. Rates of the clean are set high, never low: halved rates break the budget,
// doubled ones cost spam.

import { DAY, HOUR } from '../../../model/duration.ts'
import { SUSPECT_WAITS } from '../../../model/episode.ts'

/** Alpha and beta of a beta distribution: the mean is a / (a + b), and a + b says how alike subjects of the class are. */
export type Beta = readonly [a: number, b: number]
/** How many there are in an episode: more than v with probability (1 + v / scale)^-power. */
export type Size = readonly [scale: number, power: number]

export type EpisodeClass = {
  readonly name: string
  /** Share of episodes before anything is known. */
  readonly weight: number
  /** Recipients who get mail for the first time, of all. */
  readonly firstTimers: Beta
  /** Messages judged spam, of those scanned with a first-timer. */
  readonly spamToNew: Beta
  /** The same of those without. */
  readonly spamToKnown: Beta
  /** Answers "no such user", of those for first-timers. */
  readonly unknownUsers: Beta
  /** Answers that refuse as spam, of those that are not "no such user". */
  readonly refusals: Beta
  readonly firstSize: Size
  /** Undefined: a class of any number of messages judged spam. */
  readonly spamSize?: Size
  readonly source: string
}

export type CleanClass = EpisodeClass & {
  /** What the class weighs more in the episode after one of it, times how surely it was one. */
  readonly persists: number
  /** What is left of that from one episode to the next, and the days in which 1/e of it is left. */
  readonly keeps: number
  readonly days: number
}

/** What ordinary people and businesses do. The first takes the weight that the others leave. */
export const CLEAN: readonly CleanClass[] = [
  {
    name: 'ordinary',
    weight: 0.96,
    persists: 0,
    keeps: 0.95,
    days: 10,
    firstTimers: [0.5, 7],
    spamToNew: [0.25, 8],
    spamToKnown: [0.3, 12],
    unknownUsers: [0.3, 9],
    refusals: [0.02, 30],
    firstSize: [4, 3],
    spamSize: [3, 3],
    source: 'a filter takes 2-3 % of clean mail for spam, 3 % of new addresses are wrong [est]',
  },
  {
    name: 'mailing',
    weight: 0.025,
    persists: 0.2,
    keeps: 0.95,
    days: 10,
    firstTimers: [1.2, 0.8],
    spamToNew: [0.25, 8],
    spamToKnown: [0.3, 12],
    unknownUsers: [0.6, 6],
    refusals: [0.03, 30],
    firstSize: [20, 1.1],
    spamSize: [3, 3],
    source: 'invoices, invitations, a club: one episode in forty, sizes with a long tail [est]',
  },
  {
    name: 'stale mailing',
    weight: 0.003,
    persists: 0.2,
    keeps: 0.95,
    days: 10,
    firstTimers: [1.2, 0.8],
    spamToNew: [0.25, 8],
    spamToKnown: [0.3, 12],
    unknownUsers: [2, 5],
    refusals: [0.05, 20],
    firstSize: [20, 1.3],
    spamSize: [3, 3],
    source: 'Christmas letters to an old list, a quarter of it gone [est]',
  },
  {
    name: 'unlucky topic',
    weight: 0.008,
    persists: 0.75,
    keeps: 0.7,
    days: 4,
    firstTimers: [0.5, 7],
    spamToNew: [1, 1],
    spamToKnown: [1.2, 1.5],
    unknownUsers: [0.3, 9],
    refusals: [0.1, 12],
    firstSize: [4, 3],
    spamSize: [10, 1.8],
    source: 'a subject that a filter takes for spam, for days; one such start in 250 days [est]',
  },
  {
    name: 'unlucky mailing',
    weight: 0.0003,
    persists: 0.06,
    keeps: 0.95,
    days: 10,
    firstTimers: [1.2, 0.8],
    spamToNew: [1.5, 1],
    spamToKnown: [0.5, 2],
    unknownUsers: [0.6, 6],
    refusals: [0.1, 12],
    firstSize: [10, 1.8],
    source: 'one mailing in eighty is judged spam as a whole [est]',
  },
  {
    name: 'refused elsewhere',
    weight: 0.0015,
    persists: 0.4,
    keeps: 0.7,
    days: 4,
    firstTimers: [0.6, 3],
    spamToNew: [0.3, 8],
    spamToKnown: [0.3, 12],
    unknownUsers: [0.3, 9],
    refusals: [0.8, 3],
    firstSize: [6, 2],
    spamSize: [3, 3],
    source: 'other servers refuse a customer for days, without a reason in the mail [est]',
  },
  {
    name: 'refused mailing',
    weight: 0.00006,
    persists: 0.1,
    keeps: 0.95,
    days: 10,
    firstTimers: [1.2, 0.8],
    spamToNew: [0.3, 6],
    spamToKnown: [0.3, 12],
    unknownUsers: [1, 4],
    refusals: [0.8, 4],
    firstSize: [10, 1.6],
    source: 'one mailing in four hundred is refused by many [est]',
  },
  {
    name: 'all at once',
    weight: 0.00001,
    persists: 0.05,
    keeps: 0.95,
    days: 10,
    firstTimers: [1.2, 0.8],
    spamToNew: [1.5, 1],
    spamToKnown: [1, 1.5],
    unknownUsers: [1, 4],
    refusals: [0.8, 4],
    firstSize: [10, 1.8],
    source:
      'a mailing that is stale, misjudged and refused: the bound of what bad luck explains [est]',
  },
]

/** What bots and thieves do. */
export const INFECTED: readonly EpisodeClass[] = [
  {
    name: 'bot, the filter sees it',
    weight: 0.3,
    firstTimers: [6, 0.5],
    spamToNew: [5, 1],
    spamToKnown: [1, 1],
    unknownUsers: [1.5, 8],
    refusals: [0.6, 8],
    firstSize: [200, 0.3],
    source: 'nine spams of ten are seen [spot]; bought lists, a sixth of them gone [est]',
  },
  {
    name: 'bot, the filter is half blind',
    weight: 0.25,
    firstTimers: [6, 0.5],
    spamToNew: [0.8, 1.6],
    spamToKnown: [0.6, 3],
    unknownUsers: [1.5, 8],
    refusals: [0.7, 8],
    firstSize: [200, 0.3],
    source: 'a third of the spam is seen [est]',
  },
  {
    name: 'bot beside its owner',
    weight: 0.25,
    firstTimers: [1, 2],
    spamToNew: [2, 1],
    spamToKnown: [0.4, 7],
    unknownUsers: [1.5, 8],
    refusals: [0.5, 9],
    firstSize: [200, 0.3],
    source: 'a third of all recipients are the bot’s [est]',
  },
  {
    name: 'bot to known people',
    weight: 0.2,
    firstTimers: [0.5, 4],
    spamToNew: [2, 1],
    spamToKnown: [3, 1.2],
    unknownUsers: [1, 8],
    refusals: [0.6, 8],
    firstSize: [200, 0.3],
    spamSize: [200, 0.3],
    source: 'a worm that writes to its owner’s correspondents [est]',
  },
]

/** An episode ends with a pause of so long … [est] */
export const EPISODE_GAP = 6 * HOUR
/** … and is cut at this age: one unit of evidence for a person and for a business alike. [est] */
export const EPISODE_CUT = 24 * HOUR
/** Trials. Of each column no more are counted in an episode: the mixture has long saturated. [proto] */
export const MOST_TRIALS = 400

/** Nats of z that an episode has free: mixtures over clean days reach it often. [proto] */
export const TOLL = 1.5
/** Nats. No episode is worth more. [proto] */
export const MOST_Z = 30
/** Nats. The sum never grows beyond this, so that a long flood is forgotten in weeks and not in years. [est] */
export const MOST_SUM = 40
/** Nats a day that a sum forgets. [proto] */
export const FORGOTTEN_A_DAY = 0.7
/** Nats by which z falls without a kind, for that kind to count. [proto] */
export const KIND_COUNTS = 1.5

/** Nats of X at which a hold begins … [proto] */
export const HOLD_AT = 9
/** … and below which a hold, and the refusal of a network or of a source, end. [proto] */
export const HOLD_ENDS = 6
/** Nats of S at which a login is refused from a network … [proto] */
export const REFUSE_NETWORK_AT = 10
/** … that is new to it and from where so many of its messages were judged spam [proto], in an episode of which at least this share is: of an honest mailing from abroad a sixth was [sim]. */
export const REFUSE_NETWORK = { spam: 2, share: 0.25 }
/** Nats of S of a login that was learned to roam, over many days: from abroad people send mailings, too. [sim] */
export const REFUSE_ROAMER_AT = 13
/** Nats of S at which a login is stopped, and AUTH from a source refused. [proto] */
export const STOP_AT = 13
/** The same of a login that roams more than `ROAMS`. [sim] */
export const STOP_ROAMER_AT = 16
/** Prior of roaming above which a login is taken to roam. [proto] */
export const ROAMS = 0.2
/** Nats of S at which a line is isolated: ln 365/1e-4 for one episode a day is 15.1, and 3 for wrong tables. [proto] */
export const ISOLATE_AT = 18
/** Nats above its threshold from where one kind alone is enough. [proto] */
export const ALONE_ABOVE = 6
/** Nats of S of a trap that was written to as to a list: with what a mailing says by itself it stays below a hold. [est] */
export const TRAP_NATS = 4
/** A source stops those logins of which so many messages from there were judged spam … [proto] */
export const SOURCE_STOPS_SPAM = 2
/** … and at least this share: any one of them stopped 230 guests of a hotel of 1,200. [proto] */
export const SOURCE_STOPS_SHARE = 0.5

/** Class weights are learned in buckets of so long, and with so much delay. [est] */
export const LEARN_AFTER = 7 * DAY
/** Nats of S from where on nothing is learned, and the buckets are dropped. [proto] */
export const LEARN_BELOW = 10
/** Episodes that the shipped weights are worth. [proto] */
export const SHIPPED_WORTH = 150
/** What is left of what was learned, after each bucket. [est] */
export const LEARNED_KEPT = 0.96
/** Times. No class weighs more than the shipped weight times this … [proto] */
export const LEARN_MOST = 25
/** … nor more than this … [proto] */
export const LEARN_CEILING = 0.3
/** … nor less than the shipped weight divided by this. [est] */
export const LEARN_LEAST = 3
/** What all classes but the ordinary one weigh together at most. [est] */
export const UNUSUAL_MOST = 0.9
/** A pause of so long costs a class nothing of its persistence. [est] */
export const PERSISTENCE_FREE = DAY / 2
/** Episodes that the owner's word, or a release by staff, is worth in what is learned. [est] */
export const WORD_WORTH = 10

/** Own habits are means over so long … [est] */
export const HABIT_MEMORY = 28 * DAY
/** … learned only below this S … [proto] */
export const HABIT_BELOW = 4
/** … and from no more than so many first-timers, or messages judged spam, at once. [est] */
export const HABIT_MOST = 50
/** Of messages judged spam a day teaches no more than so many, these times what is usual of them, and this share of the usual messages: else a worm of eight days lives by its own habit. [sim] */
export const HABIT_SPAM_GROWS = { by: 1, times: 2, ofMessages: 0.25 }
/** First-timers a day, messages judged spam a day: habits up to these stretch no size; above, in proportion to the factor below. [proto] */
export const SIZE_FIRST = 4
export const SIZE_SPAM = 1.5
/** Factor by which own habits stretch the sizes at most. [proto] */
export const SIZE_FIRST_MOST = 5
export const SIZE_SPAM_MOST = 6

/** Prior of roaming of a login of which nothing is known … [est] */
export const ROAMING_PRIOR = 0.03
/** … and between what it is learned. [est] */
export const ROAMING_LEAST = 0.01
export const ROAMING_MOST = 0.6
/** A day's weight in it. [est] */
export const ROAMING_STEP = 0.05
/** How much of yesterday's roaming is expected today, days in which 1/e of it is left, and its ceiling. [proto] */
export const ROAMING_STAYS = 0.6
export const ROAMING_DAYS = 5
export const ROAMING_NOW_MOST = 0.8
/** Nats a day of strange hands that a login has free that roams more than `ROAMS`: of Tor's networks most are new every day. [sim] */
export const ROAMER_FREE = 1
/** Share of new networks, of the networks of a day: a roaming owner, one at home, a thief with many, a thief with one. [proto] */
export const NEW_NETWORKS: Readonly<Record<'roaming' | 'home' | 'thief' | 'quietThief', Beta>> = {
  roaming: [1.5, 1.5],
  home: [0.2, 10],
  thief: [3, 1],
  quietThief: [0.3, 5],
}
/** Share of thieves with many networks. [est] */
export const THIEF_ROAMS = 0.65
/** Networks of a day that are counted. [est] */
export const MOST_NETWORKS_A_DAY = 40
/** A network seen so long ago is no news, though it may not be known yet. [proto] */
export const NO_NEWS_AFTER = 2 * DAY
/** A network is known after so many days with replies, or proper answers to mail to known people … [proto] */
export const KNOWN_AFTER_DAYS = 3
/** … counted while S is below this. [proto] */
export const KNOWN_BELOW = 4

/** Factor of a source's window: this times the root of the logins that wrote from there to people they know, at least 1 … [proto] */
export const SOURCE_SIZE = 0.3
/** … and this while there is none. [proto] */
export const SOURCE_STRANGE = 0.2
/** The same root stretches a source's sizes by this. [proto] */
export const SOURCE_STRETCH = 0.6

/** What a plan has: messages a day taken to be usual at first, tokens for clean mail to first-timers, tokens an hour, and ceilings. */
export type Allowance = {
  readonly usual: number
  readonly cap: number
  readonly perHour: number
  readonly perDay: number
  readonly perWeek: number
}
/** Of the window; 200 a day is mox's limit of first-time recipients [mox], the others [proto]. */
export const ALLOWANCES: Readonly<Record<'person' | 'business', Allowance>> = {
  person: { usual: 10, cap: 16, perHour: 16, perDay: 200, perWeek: 400 },
  business: { usual: 100, cap: 50, perHour: 50, perDay: 1000, perWeek: 3000 },
}
/** Nats of suspicion from where on tokens come more slowly: clean mail to first-timers, spam-judged to known people, to first-timers. [proto] */
export const SLOWER_FROM: Readonly<Record<'new' | 'spamToKnown' | 'spamToNew', number>> = {
  new: 6,
  spamToKnown: 5,
  spamToNew: 3,
}
/** Nats above it that divide them by e … [proto] */
export const SLOWER_BY = 1.5
/** … but never to fewer an hour than this: one in 48 hours. [est] */
export const LEAST_PER_HOUR = 1 / 48
/** Spam-judged mail to known people: tokens at most without habit and with it, and what messages a day, and their habit of it, add. [proto] */
export const SPAM_TO_KNOWN = { cap: 4, most: 16, habitMost: 5, habitDays: 8 }
/** Tokens an hour for it: the least, the most by messages a day (a 40th of them), and the share of its habit a day. [proto] */
export const SPAM_TO_KNOWN_RATE = { least: 0.3, most: 1.5, habitDays: 40, spamDays: 8 }
/** Tokens at most, and an hour, for spam-judged mail to first-timers or from a fresh network. [proto] */
export const SPAM_TO_NEW = { cap: 2, perHour: 0.5 }
/** Tokens at most, and the least an hour, for clean mail to known people during a hold. [proto] */
export const HELD_KNOWN = { cap: 4, perHour: 0.5 }
/** Of an episode so many scanned, half of them judged spam: from this suspicion on known people wait as in a hold. [proto] */
export const TIGHT = { scanned: 5, suspicion: 3 }
/** The same: from so many scanned its clean mail to first-timers shares the fate of what is judged spam. [proto] */
export const COMPANION_SCANNED = 3
/** Nats of suspicion from where on a message with a first-timer waits whole; below it those whom its sender knows get it first. [sim] */
export const WHOLE_FROM = 3
/** Tokens that an acceptance gives that stays quiet, while S is below this. [proto] */
export const QUIET_BONUS = { tokens: 2, below: 6 }
/** Such acceptances a day that count of one organisational domain, and of one of the largest providers. [proto] */
export const QUIET_A_DAY = { domain: 5, large: 40 }
/** Answers for first-timers from where on a list may be stale, and the share of dead ones (less one deviation) above which it is. [proto] */
export const STALE = { answers: 10, share: 0.1 }
/** Clean mail leaves after this, whatever the tokens say … [proto] */
export const CLEAN_EXIT = 24 * HOUR
/** … while S is below this, … [proto] */
export const CLEAN_EXIT_BELOW = 11
/** … and no more than so many recipients wait. Known people: so many a day, or twice the usual messages. [proto] */
export const CLEAN_EXIT_MOST = { waiting: 40, knownADay: 12, knownUsual: 2 }
/** Spam-judged mail leaves when nothing new was judged spam: below which suspicion, after how many hours, at which share of the number. [proto]; 14 hours are longer than the night of a bot that keeps its owner's hours, 12 are not [sim]. */
export const SUSPECT_STEPS: readonly (readonly [below: number, hours: number, share: number])[] = [
  [6, 0.5, 1],
  [9, 14, 1],
  [12, 36, 0.34],
]
/** Nats of suspicion below which each day of quiet lets as many more a day leave to first-timers, and from where on many that wait close this way: five days after a backlog of 500 a bot stands at 8.7 to 10.6. [sim] */
export const SUSPECT_CALM = 7.5
/** Recipients a day that leave so, what each message of its habit a day adds, how many messages may wait under suspicion, or for known people; to these under suspicion fewer [sim]; and to known people a message leaves whole that is for no more than so many days let go: a choir of 60 does, a worm's 100 wait for its owner's word. [est] */
export const SUSPECT_MOST = { aDay: 12, habit: 4, waiting: 60, waitingKnown: 15, daysAtOnce: 5 }
/** After this spam-judged mail returns to its sender's own mailbox. RFC 5321 §4.5.4.1 gives mail at least so long. */
export const RETURNS_AFTER = SUSPECT_WAITS
/** Nats of a complaint, for how long another one of the same domain says nothing new [proto], and of how many domains count in that time: all of them stay below a hold. [est] */
export const COMPLAINT = { nats: 2.5, remembered: 30 * DAY, most: 3 }
