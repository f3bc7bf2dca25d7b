// Codes that change every half minute (RFC 6238 with SHA-1 and six digits, which is what programs on telephones do; RFC 4226 §5.3).

import { createHmac, randomBytes } from 'node:crypto'

const STEP = 30_000
const DIGITS = 6
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Twenty random bytes (RFC 4226 §4: 160 bits), as base32. */
export function newSecret(): string {
  let [bits, value, text] = [0, 0, '']
  for (const byte of randomBytes(20)) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return text
}

function bytesOf(secret: string): Buffer {
  const bytes: number[] = []
  let [bits, value] = [0, 0]
  for (const letter of secret) {
    value = (value << 5) | ALPHABET.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >>> bits) & 255)
    value &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}

export const stepOf = (at: number): number => Math.floor(at / STEP)

export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest()
  const from = (digest[19] as number) & 15
  const number = (digest.readUInt32BE(from) & 0x7fff_ffff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

/** The step whose code this is, within one step of now (RFC 6238 §5.2) and after `last`; undefined when it is none. */
export function stepOfCode(
  secret: string,
  code: string,
  { at, last }: { readonly at: number; readonly last: number },
): number | undefined {
  const digits = code.replace(/\s/g, '')
  const now = stepOf(at)
  return [now - 1, now, now + 1].find(step => step > last && codeAt(secret, step) === digits)
}
