// The head of SQLite's write-ahead log (https://www.sqlite.org/fileformat2.html#walformat). A log whose head it cannot read SQLite takes
// for an empty one, and what was committed last would be gone without a word.

import { closeSync, openSync, readSync } from 'node:fs'

const HEAD = 32
/** The last bit says in which order bytes are summed. */
const MAGIC = 0x377f0682
const MAGIC_BIG_ENDIAN = 0x377f0683

/** The fault in the head of a log that is not empty. The head is on disk before the first commit is. */
export function faultOfLog(path: string): string | undefined {
  const head = Buffer.alloc(HEAD)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, head) < HEAD)
      return 'what was written last cannot be read: the file with "-wal" is cut off'
  } finally {
    closeSync(file)
  }
  const magic = head.readUInt32BE(0)
  const isOurs = magic === MAGIC || magic === MAGIC_BIG_ENDIAN
  return isOurs && isSumRight(head, magic === MAGIC_BIG_ENDIAN)
    ? undefined
    : 'what was written last cannot be read: the head of the file with "-wal" is no longer what SQLite wrote'
}

/** The sum is over the first 24 bytes and stands in the last eight, always big-endian. */
function isSumRight(head: Buffer, isBigEndian: boolean): boolean {
  const word = (at: number) => (isBigEndian ? head.readUInt32BE(at) : head.readUInt32LE(at))
  let one = 0
  let two = 0
  for (let at = 0; at < 24; at += 8) {
    one = (one + word(at) + two) >>> 0
    two = (two + word(at + 4) + one) >>> 0
  }
  return one === head.readUInt32BE(24) && two === head.readUInt32BE(28)
}
