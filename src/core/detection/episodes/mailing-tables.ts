// The numbers of mail to known people: a worm's, a club's, a chatterer's. (All others: tables.ts.)

import { DAY } from '../../../model/duration.ts'

/** Judged spam to known people counts each of them in the size of an episode, and so many of one message at most: a worm of ten was seen as a tenth. [sim] */
export const SPAM_TO_MANY = 10
/**
 * A message to so many known people that a filter takes for clean is a mailing, a club's or a choir's. Such a sender has room for one that it
 * takes for spam, to so many people beside the exit's day, and the room is whole again after so long: with it and the debt of the exit, a bot
 * that sent clean mailings for weeks reached 226 of 600 known people in eight days in our test, where 121 were without; no bound. [sim]
 */
export const MAILING = { from: 20, most: 75, every: 28 * DAY }
/** What is judged spam and went to so many is remembered by this share in the next episode, whose first message may be one that the filter misses. [sim] */
export const SPAM_TO_MANY_KEPT = 0.5
/** So many times as many people as its clean mailings went to: then these are what a filter misses of a worm, and no club's. [sim] */
export const SPAM_TO_MANY_TIMES = 5
/** Beside what is judged spam, clean mail to so many known people at once is a worm's, not its owner's. [sim] */
export const COMPANION_KNOWN = 5
/** Clean messages to one person that count in an episode, as evidence and as a habit: a bot hid behind its chatter with one mailbox. [sim] */
export const CLEAN_OF_ONE = 3
/**
 * What is judged spam and goes again to a person counts as evidence unless so many clean messages to the same person cover it: of a helper who writes
 * to one mailbox all day a fifth misjudged looked like seven tenths. If such mail reached that person today, another to them alone costs the window this
 * share of a token, below so many nats of suspicion: with a quarter a freelancer had six to ten messages a year returned, and without a limit of suspicion
 * a bot of 100 a day to five reached these 233 times and not 121. [sim]
 */
export const AGAIN = { clean: 3, costs: 0.1, below: 1.5 }
/** Bits that count so far, and bits of a byte. */
export const WRITTEN_BITS = 2
export const BITS_OF_BYTE = 8
/** Bytes of a record for whom its episode wrote to: counters of clean mail to 128 people, two of whom may be taken for one … [est] */
export const WRITTEN_BYTES = 64
/** … and the last people whom mail judged spam was for. Two of 2,047 have one name. [est] */
export const SPAM_NAMES = 16
/** The habit of messages judged spam widens the window by no more than this share of a plan's usual messages. [sim] */
export const USUAL_SPAM_MOST = 0.1
