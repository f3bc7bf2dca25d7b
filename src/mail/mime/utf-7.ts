// UTF-7 (RFC 2152), which no TextDecoder knows and some mail programs do. One pass; what is not well-formed stays as it is read.

import { BASE64_VALUES } from './base64.ts'

const PLUS = 0x2b
const MINUS = 0x2d

export function decodeUtf7(bytes: Uint8Array): string {
  // A shifted character takes at least two and two thirds bytes.
  const units = new Uint16Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at++] as number
    if (byte !== PLUS) {
      units[length++] = byte
      continue
    }
    let bits = 0
    let held = 0
    const began = at
    for (; at < bytes.length; at++) {
      const value = BASE64_VALUES[bytes[at] as number] ?? -1
      if (value < 0) break
      held = ((held << 6) | value) & 0x3fffff
      bits += 6
      if (bits < 16) continue
      bits -= 16
      units[length++] = (held >> bits) & 0xffff
    }
    if (at < bytes.length && bytes[at] === MINUS) {
      if (at === began) units[length++] = PLUS
      at++
    }
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le')
}
