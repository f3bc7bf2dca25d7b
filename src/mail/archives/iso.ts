// Names of the files on an ISO 9660 image (ECMA-119), with their long names where it has some (Joliet). Folders are followed as
// far as the image is there, each once.

import type { ArchiveNames } from './archive-names.ts'

const SECTOR = 2048
const FIRST = 16
const MAX_DESCRIPTORS = 16
const MAX_FILES = 1000
const MAX_FOLDERS = 200

export const isIso = (bytes: Buffer): boolean =>
  bytes.length >= (FIRST + 1) * SECTOR &&
  bytes.toString('latin1', FIRST * SECTOR + 1, FIRST * SECTOR + 6) === 'CD001'

export function isoNames(image: Buffer): ArchiveNames {
  const names: string[] = []
  for (let i = 0; i < MAX_DESCRIPTORS; i++) {
    const at = (FIRST + i) * SECTOR
    const kind = image[at]
    if (kind === undefined || kind === 255) break
    // 1: the primary descriptor; 2: one with longer names, in UTF-16.
    if (kind === 1 || kind === 2) walk(image, { root: at + 156, wide: kind === 2 }, names)
  }
  return { names, encrypted: false }
}

function walk(
  image: Buffer,
  { root, wide }: { readonly root: number; readonly wide: boolean },
  names: string[],
): void {
  const seen = new Set<number>()
  const waiting = [extentOf(image, root)]
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    if (seen.has(folder.at) || seen.size >= MAX_FOLDERS) continue
    seen.add(folder.at)
    const end = Math.min(folder.at + folder.size, image.length)
    for (let at = folder.at; at < end && names.length < MAX_FILES; ) {
      const length = image[at] ?? 0
      // Records do not cross sectors: the rest of one is empty.
      if (length === 0) {
        at = (Math.floor(at / SECTOR) + 1) * SECTOR
        continue
      }
      const nameLength = image[at + 32] ?? 0
      const bytes = image.subarray(at + 33, at + 33 + nameLength)
      const isFolder = ((image[at + 25] ?? 0) & 2) !== 0
      // One byte, 0 or 1: the folder itself and the one above it.
      const self = nameLength === 1 && (bytes[0] ?? 2) < 2
      if (isFolder && !self) waiting.push(extentOf(image, at))
      else if (!isFolder) names.push(nameOf(bytes, wide))
      at += length
    }
  }
}

function extentOf(image: Buffer, record: number): { at: number; size: number } {
  if (record + 14 > image.length) return { at: image.length, size: 0 }
  return { at: image.readUInt32LE(record + 2) * SECTOR, size: image.readUInt32LE(record + 10) }
}

/** Without the version behind the semicolon. */
function nameOf(bytes: Buffer, wide: boolean): string {
  const text = wide
    ? Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le')
    : bytes.toString('latin1')
  return text.replace(/;\d+$/, '').replace(/\.$/, '')
}
