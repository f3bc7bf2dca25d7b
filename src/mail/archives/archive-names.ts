// Names of the files in an archive, whichever kind it is; nothing that is in them is unpacked: no bomb goes off here.

import { isIso, isoNames } from './iso.ts'
import { isRar, rarNames } from './rar.ts'
import { isSevenZip, sevenZipNames } from './seven-zip.ts'
import { isZip, zipNames } from './zip.ts'

/** `encrypted`: of some file nobody can look at the content, or even at its name. */
export type ArchiveNames = { readonly names: readonly string[]; readonly encrypted: boolean }

/** So many bytes of a file tell what it is. */
export const TELLING = 17 * 2048

/** By its first bytes, whatever it is called; undefined when it is none. */
export function archiveReader(start: Buffer): ((archive: Buffer) => ArchiveNames) | undefined {
  if (isZip(start)) return zipNames
  if (isRar(start)) return rarNames
  if (isSevenZip(start)) return sevenZipNames
  return isIso(start) ? isoNames : undefined
}
