// Finds the end of a ZIP and, by it, its beginning (PKWARE APPNOTE §4.3.16), as programs do that open one. Linear, in the last 64 KiB.

const END_SIZE = 22
const MAX_COMMENT = 0xffff
/** `PK` and two bytes. */
const END = 0x06054b50
const DIRECTORY = 0x02014b50
const ZIP64 = 0x07064b50

/**
 * By the last end whose directory is where it says. Numbers may count from the beginning of the ZIP, or of what stands in front of it.
 * Undefined when there is none; 0 for ZIP64, which says it elsewhere.
 */
export function zipBegins(bytes: Buffer): number | undefined {
  const lowest = Math.max(0, bytes.length - END_SIZE - MAX_COMMENT)
  for (let at = bytes.length - END_SIZE; at >= lowest; at--) {
    if (bytes[at] !== 0x50 || bytes.readUInt32LE(at) !== END) continue
    const directory = at - bytes.readUInt32LE(at + 12)
    if (directory >= 0 && bytes.readUInt32LE(directory) === DIRECTORY)
      return Math.max(0, directory - bytes.readUInt32LE(at + 16))
    if (at >= 20 && bytes.readUInt32LE(at - 20) === ZIP64) return 0
  }
  return undefined
}

/** Nothing is in it, and nothing stands beside its end (PKWARE APPNOTE §4.3.16): what programs write for an empty folder. */
export const isEmptyZip = (bytes: Buffer): boolean =>
  bytes.length === END_SIZE &&
  bytes.readUInt32LE(0) === END &&
  bytes.subarray(4).every(byte => byte === 0)
