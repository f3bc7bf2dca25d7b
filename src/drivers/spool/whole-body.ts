// A large body is a file beside the queue: a file system after a power loss, or a backup that was restored in part, leaves it shorter than it
// was, or zeroed. What is not what its row says (length, and CRC-32, which was taken while it was written) is not sent as if it were whole.

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

export type Written = {
  readonly file: string
  /** (bytes) */
  readonly size: number
  /** CRC-32 of it; null of one that an older Cordon wrote. */
  readonly sum: number | null
}
/** `later`: enough was read for now; look again. */
export type Look = (body: Written) => 'whole' | 'later' | { readonly wrong: string }

/** (bytes) Read in one go; no other client is answered meanwhile: a tenth of a second, where the disk does not make it longer. */
const AT_ONCE = 128 * 1024 * 1024
const CHUNK = 1024 * 1024

/** For one claim. */
export function lookInto(folder: string): Look {
  let read = 0
  return ({ file, size, sum }) => {
    const path = join(folder, file)
    const wrong = wrongLength(size, statSync(path, { throwIfNoEntry: false })?.size)
    if (wrong !== undefined) return { wrong }
    if (sum === null) return 'whole'
    if (read > 0 && read + size > AT_ONCE) return 'later'
    read += size
    return sumOf(path) === sum
      ? 'whole'
      : { wrong: 'its body has other bytes than were written (CRC-32)' }
  }
}

/** Undefined when it is; else what is wrong with it. `found`: bytes of the file, undefined when it is not there. */
export function wrongLength(wanted: number, found: number | undefined): string | undefined {
  if (found === undefined) return 'its body is gone'
  return found === wanted ? undefined : `its body has ${found} bytes instead of ${wanted}`
}

function sumOf(path: string): number {
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.allocUnsafe(CHUNK)
    let sum = 0
    for (;;) {
      const length = readSync(file, chunk)
      if (length === 0) return sum
      sum = crc32(chunk.subarray(0, length), sum)
    }
  } finally {
    closeSync(file)
  }
}
