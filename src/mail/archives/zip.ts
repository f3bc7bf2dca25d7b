// Names of the files in a ZIP archive (PKWARE APPNOTE §4.3.7), read from their local headers, so that an archive of which only
// the beginning is there can be read, too. Nothing is unpacked: no bomb goes off here.

import type { ArchiveNames } from './archive-names.ts'

const SIGNATURE = Buffer.from([0x50, 0x4b, 0x03, 0x04])
/** Offsets in a local header. */
const FLAGS = 6
const NAME_LENGTH = 26
const NAME = 30
/** Nobody sends more files in one archive by mail, and everything dangerous is one of the first. */
const MAX_FILES = 1000
const MAX_NAME = 255

export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && SIGNATURE.equals(bytes.subarray(0, 4))

/** Looks for the headers themselves: sizes written in front of compressed data are often left empty. */
export function zipNames(zip: Buffer): ArchiveNames {
  const names: string[] = []
  let encrypted = false
  for (
    let at = zip.indexOf(SIGNATURE);
    at >= 0 && names.length < MAX_FILES && at + NAME <= zip.length;
    at = zip.indexOf(SIGNATURE, at + 4)
  ) {
    const flags = zip.readUInt16LE(at + FLAGS)
    const length = zip.readUInt16LE(at + NAME_LENGTH)
    if (length === 0) continue
    if ((flags & 1) !== 0) encrypted = true
    // Bit 11: UTF-8. Otherwise it is some code page; what matters is ASCII in all of them.
    const utf8 = (flags & 0x800) !== 0
    const end = at + NAME + length
    // Its end says what it is.
    const name = zip.subarray(Math.max(at + NAME, end - MAX_NAME), end)
    names.push(name.toString(utf8 ? 'utf8' : 'latin1'))
  }
  return { names, encrypted }
}
