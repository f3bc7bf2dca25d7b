// Names of the files in a 7z archive (7zFormat.txt of the LZMA SDK). They stand at its end, mostly compressed themselves: only
// that list is unpacked, a megabyte of it at most. Where it is not all there, or encrypted, nothing can be said.

import type { ArchiveNames } from './archive-names.ts'
import { unpackLzma } from './lzma.ts'

const SIGNATURE = Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])
const START = 32
const MOST = 1024 * 1024
const MAX_FILES = 1000
const MAX_ITEMS = 100_000

/** Property numbers. */
const [
  END,
  HEADER,
  ARCHIVE,
  MAIN,
  FILES,
  PACK,
  UNPACK,
  SUBSTREAMS,
  SIZE,
  CRC,
  FOLDER,
  CODER_SIZES,
  STREAMS,
  NAMES,
  ENCODED,
] = [0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x11, 0x17]
const LZMA = '030101'
const AES = '06f10701'

export const isSevenZip = (bytes: Buffer): boolean =>
  bytes.length >= 6 && bytes.subarray(0, 6).equals(SIGNATURE)

export function sevenZipNames(archive: Buffer): ArchiveNames {
  try {
    if (archive.length < START) return { names: [], encrypted: false }
    const from = START + Number(archive.readBigUInt64LE(12))
    const size = Number(archive.readBigUInt64LE(20))
    // The end of a large one is not there.
    if (size === 0 || from + size > archive.length) return { names: [], encrypted: false }
    return readHeader(archive, archive.subarray(from, from + size), 0)
  } catch {
    return { names: [], encrypted: false }
  }
}

function readHeader(archive: Buffer, bytes: Buffer, depth: number): ArchiveNames {
  const reader = new Reader(bytes)
  const kind = reader.byte()
  if (kind === ENCODED && depth < 4) {
    const { position, sizes, folders } = streams(reader)
    const [folder] = folders
    if (folder?.ids.includes(AES)) return { names: [], encrypted: true }
    if (!folder || folder.ids[0] !== LZMA) return { names: [], encrypted: false }
    const packed = archive.subarray(START + position, START + position + (sizes[0] ?? 0))
    const plain = unpackLzma(folder.properties, packed, { size: folder.size, most: MOST })
    return readHeader(archive, Buffer.from(plain), depth + 1)
  }
  if (kind !== HEADER) throw new Error('not a header')
  let encrypted = false
  for (let id = reader.byte(); id !== END; id = reader.byte()) {
    if (id === MAIN) {
      const { folders } = streams(reader)
      encrypted = folders.some(({ ids }) => ids.includes(AES))
    } else if (id === FILES) return { names: names(reader), encrypted }
    else if (id === ARCHIVE) properties(reader)
    else throw new Error('something else')
  }
  return { names: [], encrypted }
}

class Reader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#at++)
  }

  take(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new RangeError('beyond the end')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  /** As many leading ones in the first byte, so many bytes follow. */
  number(): number {
    const first = this.byte()
    let value = 0
    for (let i = 0, mask = 0x80; i < 8; i++, mask >>= 1) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * i)
      value += this.byte() * 2 ** (8 * i)
    }
    return value
  }

  count(): number {
    const count = this.number()
    if (count > MAX_ITEMS) throw new RangeError('too many')
    return count
  }
}

type Folder = { ids: string[]; properties: Buffer; size: number; outputs: number }

/** Where packed streams stand, and how they are packed. */
function streams(reader: Reader): { position: number; sizes: number[]; folders: Folder[] } {
  const found = { position: 0, sizes: [] as number[], folders: [] as Folder[] }
  for (let id = reader.byte(); id !== END; id = reader.byte()) {
    if (id === PACK) {
      found.position = reader.number()
      const count = reader.count()
      for (let part = reader.byte(); part !== END; part = reader.byte()) {
        if (part === SIZE) found.sizes = Array.from({ length: count }, () => reader.number())
        else if (part === CRC) checksums(reader, count)
        else throw new Error('something else')
      }
    } else if (id === UNPACK) found.folders = folders(reader)
    else if (id === SUBSTREAMS) substreams(reader, found.folders)
    else throw new Error('something else')
  }
  return found
}

function folders(reader: Reader): Folder[] {
  if (reader.byte() !== FOLDER) throw new Error('no folders')
  const count = reader.count()
  if (reader.byte() !== 0) throw new Error('kept elsewhere')
  const found = Array.from({ length: count }, () => folder(reader))
  for (let part = reader.byte(); part !== END; part = reader.byte()) {
    if (part === CODER_SIZES)
      for (const one of found) {
        const sizes = Array.from({ length: one.outputs }, () => reader.number())
        one.size = sizes[0] ?? 0
      }
    else if (part === CRC) checksums(reader, count)
    else throw new Error('something else')
  }
  return found
}

function folder(reader: Reader): Folder {
  const found: Folder = { ids: [], properties: Buffer.alloc(0), size: 0, outputs: 0 }
  let inputs = 0
  const coders = reader.count()
  for (let i = 0; i < coders; i++) {
    const flags = reader.byte()
    found.ids.push(reader.take(flags & 15).toString('hex'))
    const complex = (flags & 16) !== 0
    inputs += complex ? reader.count() : 1
    found.outputs += complex ? reader.count() : 1
    const settings = (flags & 32) !== 0 ? reader.take(reader.count()) : Buffer.alloc(0)
    if (i === 0) found.properties = settings
  }
  const bound = found.outputs - 1
  for (let i = 0; i < bound; i++) {
    reader.number()
    reader.number()
  }
  const packed = inputs - bound
  if (packed > 1) for (let i = 0; i < packed; i++) reader.number()
  return found
}

/** Of no use here, but they stand in the way. */
function substreams(reader: Reader, all: readonly Folder[]): void {
  let counts = all.map(() => 1)
  let part = reader.byte()
  if (part === STREAMS) {
    counts = all.map(() => reader.count())
    part = reader.byte()
  }
  if (part === SIZE) {
    for (const count of counts) for (let i = 1; i < count; i++) reader.number()
    part = reader.byte()
  }
  if (part === CRC) {
    // Of a folder with one stream the checksum may stand with the folder already: it is not known here how many there are.
    // What follows is the end, so the rest is passed over.
    const total = counts.reduce((sum, count) => sum + count, 0)
    checksums(reader, total)
    part = reader.byte()
  }
  if (part !== END) throw new Error('something else')
}

function checksums(reader: Reader, count: number): void {
  let defined = count
  if (reader.byte() === 0) {
    const bits = reader.take(Math.ceil(count / 8))
    defined = Array.from(
      { length: count },
      (_, i) => ((bits[i >> 3] as number) >> (7 - (i & 7))) & 1,
    ).reduce((sum, bit) => sum + bit, 0)
  }
  reader.take(4 * defined)
}

function properties(reader: Reader): void {
  for (let id = reader.byte(); id !== END; id = reader.byte()) reader.take(reader.count())
}

function names(reader: Reader): string[] {
  const count = reader.count()
  for (let id = reader.byte(); id !== END; id = reader.byte()) {
    const bytes = reader.take(reader.number())
    if (id !== NAMES) continue
    if (bytes[0] !== 0) throw new Error('kept elsewhere')
    // UTF-16, each ended by a zero.
    const all = bytes.subarray(1).toString('utf16le').split('\0')
    return all.slice(0, Math.min(count, MAX_FILES)).map(name => name.slice(-255))
  }
  return []
}
