// What stands behind the end of a tar, or of what is compressed: libarchive stops at the empty block that ends a tar; `tar -i` and some
// programs on Windows go on. Of gzip all is unpacked for that; of xz and bzip2, which Node does not know, what is compressed by itself is found.

import { gunzipSync } from 'node:zlib'
import { archiveAtStart } from '../../mail/archive-kind.ts'

const BLOCK = 512
const EMPTY = Buffer.alloc(BLOCK)
/** Bytes of what is unpacked that are looked at. */
const MAX_UNPACKED = 32 * 1024 * 1024
/** Bytes of a field of a pax header. */
const MAX_PAX = 64 * 1024
const SIZE = 124
const TYPE = 156
/** Nothing follows a link, a device or a folder; what follows a hard link is not certain. */
const NO_CONTENT = '23456'

/** Marks that stand nowhere by chance. */
const XZ = Buffer.from('\xfd7zXZ\0', 'latin1')
const BZIP2 = Array.from({ length: 9 }, (_, i) => Buffer.from(`BZh${i + 1}1AY&SY`))

/** Where a tar begins behind the end of the one before it. */
export function tarsBehind(tar: Buffer): readonly number[] {
  const found: number[] = []
  let at = 0
  let size: number | undefined
  while (isHeader(tar, at)) {
    const header = tar.subarray(at, at + BLOCK)
    const type = String.fromCharCode(header[TYPE] as number)
    const length = size ?? (NO_CONTENT.includes(type) ? 0 : sizeOf(header))
    const content = at + BLOCK
    size =
      type === 'x' ? paxSize(tar.subarray(content, content + Math.min(length, MAX_PAX))) : undefined
    const isNone = type === '1' && isHeader(tar, content)
    at = content + (isNone ? 0 : Math.ceil(length / BLOCK) * BLOCK)
    if (!isEmpty(tar, at)) continue
    while (at + BLOCK <= tar.length && !isHeader(tar, at)) at += BLOCK
    if (isHeader(tar, at)) found.push(at)
  }
  return found
}

/** Where another one begins. */
export function streamsBehind(bytes: Buffer, most: number): readonly number[] {
  const found: number[] = []
  for (const mark of bytes.indexOf(XZ) === 0 ? [XZ] : BZIP2)
    for (let at = bytes.indexOf(mark, 1); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      found.push(at)
      if (found.length > most) return found
    }
  return found
}

/** The content of a gzip, one file behind the other; nothing of one that is too large or damaged: other code tells that. */
export function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.alloc(0)
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED })
  } catch {
    return Buffer.alloc(0)
  }
}

const isEmpty = (tar: Buffer, at: number) => tar.subarray(at, at + BLOCK).equals(EMPTY)

const isHeader = (tar: Buffer, at: number) =>
  at + BLOCK <= tar.length && archiveAtStart(tar.subarray(at, at + BLOCK)) === 'tar'

/** In octal, or (GNU) in binary behind a bit; Infinity where it is neither. */
function sizeOf(header: Buffer): number {
  if (((header[SIZE] as number) & 0x80) !== 0) return header.readUIntBE(SIZE + 6, 6)
  const text = header.toString('latin1', SIZE, SIZE + 12).replace(/[ \0]+/g, '')
  return text === '' ? 0 : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Infinity
}

/** The size of the file behind this header, where the header says one. */
function paxSize(fields: Buffer): number | undefined {
  const said = /^\d{1,9} size=(\d{1,15})$/m.exec(fields.toString('latin1'))?.[1]
  return said === undefined ? undefined : Number(said)
}
