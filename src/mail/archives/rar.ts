// Names of the files in a RAR archive (RAR 5.0 archive format, and technote.txt of the older one), read from its headers; nothing
// is unpacked. With encrypted headers nothing can be read.

import type { ArchiveNames } from './archive-names.ts'

const SIGNATURE = Buffer.from('Rar!\x1a\x07', 'latin1')
const MAX_FILES = 1000
const MAX_NAME = 255

export const isRar = (bytes: Buffer): boolean =>
  bytes.length >= 7 && bytes.subarray(0, 6).equals(SIGNATURE) && (bytes[6] as number) <= 1

export function rarNames(archive: Buffer): ArchiveNames {
  const found = { names: [] as string[], encrypted: false }
  try {
    if (archive[6] === 1) readFive(archive, found)
    else readOld(archive, found)
  } catch {
    // As far as it went.
  }
  return found
}

type Found = { names: string[]; encrypted: boolean }

/** Blocks: checksum, type, flags, size; a file's name stands behind its fixed fields. */
function readOld(archive: Buffer, found: Found): void {
  let at = 7
  while (found.names.length < MAX_FILES) {
    const type = archive.readUInt8(at + 2)
    const flags = archive.readUInt16LE(at + 3)
    const size = archive.readUInt16LE(at + 5)
    if (size < 7) return
    // The main header: all that follows is encrypted.
    if (type === 0x73 && (flags & 0x80) !== 0) {
      found.encrypted = true
      return
    }
    let data = 0
    if (type === 0x74) {
      const length = archive.readUInt16LE(at + 26)
      const large = (flags & 0x100) !== 0
      data = archive.readUInt32LE(at + 7) + (large ? archive.readUInt32LE(at + 32) * 2 ** 32 : 0)
      const from = at + 32 + (large ? 8 : 0)
      const bytes = archive.subarray(from, from + length)
      // In Unicode names the plain one stands first, ended by a zero.
      const end = bytes.indexOf(0)
      found.names.push(
        bytes
          .subarray(0, end < 0 ? undefined : end)
          .subarray(-MAX_NAME)
          .toString('latin1'),
      )
      if ((flags & 0x04) !== 0) found.encrypted = true
    } else if ((flags & 0x8000) !== 0) data = archive.readUInt32LE(at + 7)
    if (type === 0x7b) return
    at += size + data
  }
}

/** Blocks: checksum, size, type and flags as numbers of variable length. */
function readFive(archive: Buffer, found: Found): void {
  let at = 8
  while (found.names.length < MAX_FILES) {
    const reader = new Numbers(archive, at + 4)
    const size = reader.next()
    const start = reader.at
    const type = reader.next()
    const flags = reader.next()
    const extra = (flags & 1) !== 0 ? reader.next() : 0
    const data = (flags & 2) !== 0 ? reader.next() : 0
    // 4: all that follows is encrypted.
    if (type === 4) {
      found.encrypted = true
      return
    }
    if (type === 5) return
    if (type === 2) file(archive, reader, { end: start + size, extra, found })
    if (size === 0) return
    at = start + size + data
  }
}

function file(
  archive: Buffer,
  reader: Numbers,
  { end, extra, found }: { readonly end: number; readonly extra: number; readonly found: Found },
): void {
  const flags = reader.next()
  // Unpacked size and attributes.
  reader.next()
  reader.next()
  if ((flags & 2) !== 0) reader.at += 4
  if ((flags & 4) !== 0) reader.at += 4
  // Compression and system.
  reader.next()
  reader.next()
  const length = reader.next()
  if (reader.at + length > archive.length) throw new RangeError('beyond the end')
  const name = archive.subarray(reader.at, reader.at + length)
  // Its end says what it is.
  found.names.push(name.subarray(-MAX_NAME).toString('utf8'))
  for (const records = new Numbers(archive, end - extra); records.at < end; ) {
    const size = records.next()
    const next = records.at + size
    // 1: how it is encrypted.
    if (records.next() === 1) found.encrypted = true
    if (size === 0) return
    records.at = next
  }
}

/** Seven bits of each byte, the lowest first; the eighth says that there are more. */
class Numbers {
  at: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  next(): number {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes.readUInt8(this.at++)
      value += (byte & 0x7f) * 2 ** (7 * i)
      if ((byte & 0x80) === 0) return value
    }
    throw new RangeError('not a number')
  }
}
