// Postfix's queue ids: of the long form (`enable_long_queue_ids = yes`) none is ever used twice; the short ones are used again within hours, so
// that what was meant for one message might be done to another.

/** Seconds in base 52, microseconds in 4 digits of it, `z`, the inode in base 51; none of them has a vowel (Postfix, mail_queue.h). */
const LONG =
  /^[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,16}z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]{1,14}$/

export const isLongQueueId = (id: string): boolean => LONG.test(id)
