// Tells archives by their bytes (or by the name they go by), without reading what is in them: cheap enough for the engine's thread.
// Also archives that Cordon cannot list: Cordon reports them as unreadable, not as innocent. Listing is `src/drivers/archives/`.

import { crc32 } from 'node:zlib'
import { fileName } from './file-extension.ts'
import { zipBegins } from './zip-end.ts'

export type ArchiveKind =
  | 'zip'
  | 'rar'
  | '7z'
  | 'tar'
  /** One file, or a tar, compressed. */
  | 'stream'
  | 'iso'
  | 'other'

/** Bytes from here up to, and without, there. */
export type FoundArchive = {
  readonly kind: ArchiveKind
  readonly from: number
  readonly to: number
}

/** Kind, offset, bytes; file(1) knows them all. */
const STARTS: readonly (readonly [ArchiveKind, number, string])[] = [
  ['zip', 0, 'PK\x03\x04'],
  // Parts of a split one begin with a marker.
  ['zip', 0, 'PK\x07\x08'],
  ['zip', 0, 'PK00PK\x03\x04'],
  ['rar', 0, 'Rar!\x1a\x07'],
  ['7z', 0, '7z\xbc\xaf\x27\x1c'],
  ['stream', 0, '\x1f\x8b\x08'],
  ['stream', 0, '\xfd7zXZ\0'],
  ['stream', 0, 'BZh'],
  ['stream', 0, '\x5d\0\0'],
  ['stream', 0, '\x1f\x9d'],
  ['stream', 0, '\x28\xb5\x2f\xfd'],
  // RFC 8878 §3.1.2, of zstd and lz4 alike: a frame to be stepped over, as pzstd begins with one.
  ...Array.from({ length: 16 }, (_, i): readonly [ArchiveKind, number, string] => [
    'stream',
    0,
    `${String.fromCharCode(0x50 + i)}\x2a\x4d\x18`,
  ]),
  ['stream', 0, '\x04\x22\x4d\x18'],
  ['stream', 0, '\x02\x21\x4c\x18'],
  ['stream', 0, 'LZIP\x01'],
  ['stream', 0, '\x89LZO\0'],
  ['other', 0, 'MSCF\0\0\0\0'],
  ['other', 0, '!<arch>\n'],
  ['other', 0, 'xar!'],
  ['other', 0, '\xed\xab\xee\xdb'],
  ['other', 0, 'MSWIM\0\0\0'],
  // Disk images that Windows opens on a click.
  ['other', 0, 'vhdxfile'],
  ['other', 0, 'conectix'],
  ['other', 0, 'KDMV'],
  ['other', 0, 'QFI\xfb'],
  ['other', 0x40, '\x7f\x10\xda\xbe'],
  // Images of file systems.
  ['other', 0x438, '\x53\xef'],
  ['other', 3, 'NTFS    '],
  ['other', 54, 'FAT1'],
  ['other', 82, 'FAT32   '],
  ['other', 0, 'hsqs'],
  ['other', 0, 'StuffIt (c)'],
  ['other', 0, 'WARC/'],
  // cpio: of POSIX, of SVR4, with a sum, of afio, and in binary of either byte order.
  ['other', 0, '070707'],
  ['other', 0, '070701'],
  ['other', 0, '070702'],
  ['other', 0, '070727'],
  ['other', 0, '\xc7\x71'],
  ['other', 0, '\x71\xc7'],
  // One file, or a tar, in uuencode: libarchive takes it for a way of packing.
  ['stream', 0, 'begin '],
  ['stream', 0, 'begin-base64 '],
  ['other', 2, '-lh'],
  ['other', 2, '-lz'],
  ['other', 7, '**ACE**'],
  // PPMd.
  ['other', 0, '\x8f\xaf\xac\x84'],
  ['tar', 257, 'ustar'],
  // ECMA-119 §6.7.1: descriptors begin in sector 16; the others are UDF (ECMA-167), without an ISO beside it.
  ['iso', 0x8001, 'CD001'],
  ['iso', 0x8001, 'BEA01'],
  ['iso', 0x8001, 'NSR0'],
]
/** With the code of the first byte, which nearly always tells that it is something else. */
const MARKS = STARTS.map(([kind, at, magic]) => ({ kind, at, magic, first: magic.charCodeAt(0) }))
/** So many first bytes tell all of these kinds. */
export const TELLING = 0x8010

/**
 * Found behind other bytes, too: programs that unpack themselves, and what is made to look like something else. Libraries and tables of
 * file(1) hold the same marks and no archive: the header behind the mark tells.
 */
const EMBEDDED: readonly (readonly [ArchiveKind, Buffer, (bytes: Buffer) => boolean, number])[] = [
  ['rar', Buffer.from('Rar!\x1a\x07', 'latin1'), isRar, 20],
  ['7z', Buffer.from('7z\xbc\xaf\x27\x1c\0', 'latin1'), is7z, 32],
]

const NAMED =
  /\.(?:zipx?|rar|7z|iso|img|tar|t?gz|t?xz|t?bz2?|tbz2|lzma|z|t?zst|lz4?|lzo|cab|lzh|lha|arj|ace|pmd|wim|vhdx?|cpio|warc)$/i

/** A file that goes by such a name is an archive, or broken. */
export const isNamedArchive = (name: string): boolean => NAMED.test(fileName(name))

/** The archive that begins here. Linear, and only the first bytes are looked at. */
export function archiveAtStart(bytes: Buffer): ArchiveKind | undefined {
  const found = MARKS.find(
    ({ at, first, magic }) =>
      bytes[at] === first &&
      bytes.length > at + magic.length &&
      bytes.toString('latin1', at, at + magic.length) === magic &&
      isPlausible(bytes, magic),
  )
  return found?.kind ?? (isOldTar(bytes) ? 'tar' : undefined)
}

/** The archives that begin here, or further down. Reads the bytes a few times at most. */
export function archivesIn(bytes: Buffer, cut = false): readonly FoundArchive[] {
  const to = bytes.length
  const first = archiveAtStart(bytes)
  const others = first
    ? [{ kind: first, from: 0, to }]
    : EMBEDDED.flatMap(([kind, magic, isHeader, length]) => {
        const isOne = (at: number) =>
          at + length > to ? cut : isHeader(bytes.subarray(at, at + length))
        let from = bytes.indexOf(magic)
        while (from >= 0 && !isOne(from)) from = bytes.indexOf(magic, from + 1)
        return from < 0 ? [] : [{ kind, from, to }]
      })
  const zips = zipsByTheirEnds(bytes)
  if (zips.length > 0) return [...others.filter(({ kind }) => kind !== 'zip'), ...zips]
  const from = cut && !first ? zipEntry(bytes) : undefined
  return from === undefined ? others : [...others, { kind: 'zip', from, to }]
}

/** The main header of RAR 4 and older; of RAR 5 it, or that of its encryption, behind a sum and a size of one or two bytes. */
function isRar(bytes: Buffer): boolean {
  const [version, second] = bytes.subarray(6)
  if (version === 0) return bytes[9] === 0x73 && bytes.readUInt16LE(12) >= 13
  const type = (bytes[12] as number) < 0x80 ? bytes[13] : bytes[14]
  return version === 1 && second === 0 && (type === 1 || type === 4)
}

/** As 7-Zip tells it: the sum of its first header is right, or that is empty and only the version is there. */
function is7z(bytes: Buffer): boolean {
  return (
    crc32(bytes.subarray(12)) === bytes.readUInt32LE(8) ||
    (bytes[7] !== 0 && bytes.subarray(8).every(byte => byte === 0))
  )
}

/** Short marks are believed only with what must stand behind them. */
function isPlausible(bytes: Buffer, magic: string): boolean {
  if (magic === 'BZh') return /^[1-9]1AY&SY/.test(bytes.toString('latin1', 3, 10))
  if (magic === '-lh' || magic === '-lz') return bytes[6] === 0x2d
  if (magic.startsWith('begin')) return isUuencoded(bytes.toString('latin1', 0, 400))
  if (magic.startsWith('0707')) return /^[0-9a-f]{70}/i.test(bytes.toString('latin1', 0, 70))
  if (magic === '\xc7\x71') return isBinaryCpio(bytes, bytes.readUInt16LE.bind(bytes))
  if (magic === '\x71\xc7') return isBinaryCpio(bytes, bytes.readUInt16BE.bind(bytes))
  // The size of a block, 1 to 64 KiB.
  if (magic === '\x53\xef') return bytes.readUInt32LE(0x418) <= 6
  // LZMA: a dictionary of at least 64 KiB, and a size that is not known, or below 1 TiB.
  if (magic === '\x5d\0\0')
    return (
      bytes.toString('latin1', 5, 13) === '\xff'.repeat(8) ||
      bytes.toString('latin1', 10, 13) === '\0\0\0'
    )
  return true
}

/** The first line of data is as long as it says. */
function isUuencoded(start: string): boolean {
  const [, base64, data = ''] =
    /^begin(-base64)? [0-7]{3,4} [^\r\n]{1,255}\r?\n([^\r\n]{1,100})\r?\n/.exec(start) ?? []
  if (base64 !== undefined) return /^[A-Za-z0-9+/]+=*$/.test(data)
  const count = (data.charCodeAt(0) - 32) & 63
  // Spaces at its end may be lost, and a sum may follow.
  const length = 1 + 4 * Math.ceil(count / 3)
  return (
    /^[ -`]{2,}$/.test(data) && count > 0 && data.length <= length + 1 && data.length > length / 2
  )
}

/** The name of the first file, and its end, stand behind 26 bytes. */
function isBinaryCpio(bytes: Buffer, read: (at: number) => number): boolean {
  if (bytes.length < 26) return false
  const length = read(20)
  return length > 1 && length <= 1024 && bytes[25 + length] === 0 && bytes[24 + length] !== 0
}

const BLOCK = 512

/** Before POSIX a tar had no mark: its first header is told by its sum. */
function isOldTar(bytes: Buffer): boolean {
  if (bytes.length < BLOCK || bytes[0] === 0) return false
  const said = /^[ 0]*([0-7]{1,7})[ \0]/.exec(bytes.toString('latin1', 148, 156))?.[1]
  if (said === undefined) return false
  // Counted as if the sum itself were eight spaces.
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += bytes[at] as number
  return sum === Number.parseInt(said, 8)
}

/** Archives in one file: no honest file has more. */
const MAX_IN_A_ROW = 8

/**
 * Programs read a ZIP from its end, whatever stands in front; but some of several in a row show the first, others the last. What is
 * left in front begins like one, or is not of interest.
 */
function zipsByTheirEnds(bytes: Buffer): FoundArchive[] {
  const found: FoundArchive[] = []
  let to = bytes.length
  while (to > 0 && found.length < MAX_IN_A_ROW) {
    const from = zipBegins(bytes.subarray(0, to))
    if (from === undefined) break
    found.push({ kind: 'zip', from, to })
    to = from
  }
  if (found.length === 0 || to === 0) return found
  if (found.length < MAX_IN_A_ROW)
    return archiveAtStart(bytes) === 'zip' ? [...found, { kind: 'zip', from: 0, to }] : found
  // An archive of no bytes, and so unreadable.
  return [...found, { kind: 'other', from: to, to }]
}

/** `PK` and two bytes. */
const ENTRY = 0x04034b50

/** The first file of a ZIP whose end is not there. */
function zipEntry(bytes: Buffer): number | undefined {
  for (let at = 0; at + 30 <= bytes.length; at++) {
    if (bytes[at] !== 0x50 || bytes.readUInt32LE(at) !== ENTRY) continue
    const method = bytes.readUInt16LE(at + 8)
    const nameLength = bytes.readUInt16LE(at + 26)
    const isOne = (bytes[at + 4] as number) <= 63 && method <= 99
    if (isOne && nameLength > 0 && nameLength <= 1024) return at
  }
  return undefined
}
