// What the word of an owner, or of staff, gives a sender. [proto]: src/core/detection/episodes/tables.ts has the sources.

import { DAY } from '../../../model/duration.ts'

/** What the owner's word gives for a day: clean recipients, and messages judged spam. [proto] */
export const WORD_GIVES = { clean: 200, spam: 10 }
/** What an announced mailing gives for a day: recipients at most, and the share of them that may be judged spam; at least what the owner’s word gives. [est] */
export const ANNOUNCED = { most: 2000, spam: 0.5 }
/** What staff may open for a mailing at most: recipients, and for how long. [est] */
export const OPENED = { most: 20_000, lasts: 7 * DAY }
