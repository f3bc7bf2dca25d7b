// Postfix's queue ids: of the long form (`enable_long_queue_ids = yes`) none is ever used twice; the short ones are used again within hours, so
// that what was meant for one message might be done to another.

/** Seconds in base 52, microseconds in 4 digits of it, `z`, the inode in base 51; none of them has a vowel (Postfix, mail_queue.h). */
const LONG =
  /^[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,16}z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]{1,14}$/

export const isLongQueueId = (id: string): boolean => LONG.test(id)

const BASE_51 = '0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy'
/** Five digits of microseconds, and the inode. */
const SHORT = /^[0-9A-F]{5}([0-9A-F]+)$/

/**
 * Whether Postfix may have given the message `long` the short name: with `enable_long_queue_ids = no` it gives new names to what is in the
 * queue, for the same inodes.
 */
export function isRenamed(long: string, short: string): boolean {
  const inode = SHORT.exec(short)?.[1]
  return isLongQueueId(long) && inode !== undefined && Number.parseInt(inode, 16) === inodeOf(long)
}

function inodeOf(long: string): number {
  let inode = 0
  for (const digit of long.slice(long.lastIndexOf('z') + 1))
    inode = inode * BASE_51.length + BASE_51.indexOf(digit)
  return inode
}
