// What is in a .zst (RFC 8878): Node unpacks it, for libarchive-wasm cannot. Frames stand one behind the other, and others that hold
// nothing between them, at which Node stops; what stands behind the last frame is no part of it, as for zstd(1).

import { constants, zstdDecompressSync } from 'node:zlib'

const FRAME = 0xfd2fb528
/** RFC 8878 §3.1.2: sixteen marks, and a size behind each. */
const SKIPPABLE = 0x184d2a50
const MAX_SKIPPED = 1000

export type ZstdContent = {
  /** As far as it can be read. */
  readonly content: Buffer
  readonly fault?: 'damaged' | 'large'
}

export const isZstd = (bytes: Buffer): boolean =>
  bytes.length > 4 && (markAt(bytes, 0) === FRAME || isSkippable(bytes, 0))

/** `most`: bytes of content. `cut`: its end may be missing. */
export function zstdContent(bytes: Buffer, most: number, cut: boolean): ZstdContent {
  const pieces: Buffer[] = []
  let left = most
  let at = 0
  for (let skipped = 0; at + 4 <= bytes.length; ) {
    if (isSkippable(bytes, at)) {
      if (++skipped > MAX_SKIPPED) return { content: Buffer.concat(pieces), fault: 'damaged' }
      at += 8 + (at + 8 <= bytes.length ? bytes.readUInt32LE(at + 4) : 0)
      continue
    }
    if (markAt(bytes, at) !== FRAME) break
    const frame = unpacked(bytes.subarray(at), left, cut)
    if (typeof frame === 'string') return { content: Buffer.concat(pieces), fault: frame }
    pieces.push(frame.content)
    left -= frame.content.length
    at += frame.read
  }
  // LZ4 may begin with what is stepped over, too.
  return pieces.length === 0
    ? { content: Buffer.alloc(0), fault: 'damaged' }
    : { content: Buffer.concat(pieces) }
}

const markAt = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at)
const isSkippable = (bytes: Buffer, at: number): boolean =>
  (markAt(bytes, at) & 0xfffffff0) >>> 0 === SKIPPABLE

type Frame = { readonly content: Buffer; readonly read: number }

function unpacked(bytes: Buffer, most: number, cut: boolean): Frame | 'damaged' | 'large' {
  if (most <= 0) return 'large'
  try {
    const { buffer, engine } = zstdDecompressSync(bytes, {
      maxOutputLength: most,
      info: true,
      ...(cut ? { finishFlush: constants.ZSTD_e_flush } : {}),
    }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
    return { content: buffer, read: Math.max(1, engine.bytesWritten) }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'large' : 'damaged'
  }
}
