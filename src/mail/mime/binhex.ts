// BinHex 4.0 (RFC 1741): mail programs of the Mac, and Python's, show the file in such a part under the name in its header.

const SIGNS = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr'
const VALUES = new Map(Array.from(SIGNS, (sign, value) => [sign, value] as const))
const BEGIN = /^\(This file must be converted with BinHex[^\r\n]{0,100}/m
const REPEAT = 0x90
/** A name has 63 bytes at most, its length in front. */
const HEADER = 64

/** Undefined when there is none; empty when its name cannot be read. */
export function binHexName(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, 64 * 1024)
  const begun = BEGIN.exec(text)
  if (!begun) return undefined
  const from = text.indexOf(':', begun.index + begun[0].length)
  if (from < 0) return ''
  const packed: number[] = []
  let held = 0
  let bits = 0
  for (let at = from + 1; at < text.length && packed.length < 2 * HEADER; at++) {
    const value = VALUES.get(text[at] as string)
    if (value === undefined) {
      if (text[at] === '\r' || text[at] === '\n') continue
      break
    }
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    packed.push((held >> bits) & 0xff)
  }
  const header = unpacked(packed)
  return header.toString('utf8', 1, 1 + Math.min(63, header[0] ?? 0))
}

/** A byte, the mark and a number are so many of it; the mark and zero are the mark. */
function unpacked(packed: readonly number[]): Buffer {
  const found: number[] = []
  for (let i = 0; i < packed.length && found.length < HEADER; i++) {
    const byte = packed[i] as number
    if (byte !== REPEAT) {
      found.push(byte)
      continue
    }
    const count = packed[++i] ?? 0
    if (count === 0) found.push(REPEAT)
    else for (let n = 1; n < count; n++) found.push(found.at(-1) ?? 0)
  }
  return Buffer.from(found)
}
