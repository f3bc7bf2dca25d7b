// Parts of an archive that was split into several files, one a message as a rule: no program can list a part without the others, and the
// part is not damaged. By the names that splitting programs give them (Info-ZIP, WinRAR, 7-Zip), or by the mark of a ZIP in several parts.

import { fileName } from './file-extension.ts'

/** `.z01` and `.r00`, `.part2.rar`, and `.7z.002`: three digits alone are others', too. */
const NAMED = /\.(?:[zr]\d\d|part\d{1,5}\.rar|(?:zipx?|7z|rar|tar|[gx]z|bz2)\.\d{3})$/i
/** Behind any name, of what is an archive. */
const NUMBERED = /\.\d{3}$/
/** PKWARE APPNOTE §8.5.3; and `PK` and two bytes of the end, with the number of this disk behind it (§4.3.16). */
const MARK = 0x08074b50
const END = 0x06054b50
const END_SIZE = 22

/** A file that goes by such a name is a part of an archive, whatever it begins with. */
export const isNamedPart = (name: string): boolean => NAMED.test(fileName(name))

/** `bytes` are an archive. */
export function isPartOfSplit(bytes: Buffer, name: string): boolean {
  if (isNamedPart(name) || NUMBERED.test(name)) return true
  if (bytes.length < END_SIZE) return false
  return bytes.readUInt32LE(0) === MARK || isLastDisk(bytes)
}

/** Its end is the last thing in the file, without a comment behind it, as those programs write it. */
function isLastDisk(bytes: Buffer): boolean {
  const at = bytes.length - END_SIZE
  return bytes.readUInt32LE(at) === END && bytes.readUInt16LE(at + 4) > 0
}
