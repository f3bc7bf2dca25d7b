// Base64 (RFC 2045 §6.8), also where it is not by the book. A sign that is none of its own counts for nothing. What follows `=` is the
// beginning of another piece for some programs, for others the next letter of the same: where there is any, both are read.

/** A letter stands behind an equals sign, or the text has a sign that is a letter for some readers only. */
function isStrange(text: string): boolean {
  if (text.includes('-') || text.includes('_')) return true
  const end = text.indexOf('=')
  return end >= 0 && /[A-Za-z0-9+/]/.test(text.slice(end))
}

/** One reading; more where letters stand behind `=`. The first is Node's, except that `-` and `_` are no letters in it. */
export function readingsOfBase64(text: string): readonly Buffer[] {
  if (!isStrange(text)) return [Buffer.from(text, 'base64')]
  const [pieces, one] = [byHand(text, 'pieces'), byHand(text, 'one')]
  return pieces.equals(one) ? [pieces] : [pieces, one]
}

/** The bytes of an encoded word: `way` is the number of the reading, where there are several. */
export function bytesOfWord(text: string, way: number): Buffer {
  return isStrange(text) ? byHand(text, WAYS[way] ?? 'pieces') : Buffer.from(text, 'base64')
}

/** How a reader takes an equals sign that has letters behind it. */
type PaddingReading = 'pieces' | 'one' | 'zeros'
export const WAYS: readonly PaddingReading[] = ['pieces', 'one', 'zeros']

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** By code of a letter; -1: it is none. */
export const BASE64_VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < LETTERS.length; i++) BASE64_VALUES[LETTERS.charCodeAt(i)] = i
const EQUALS = 0x3d

/**
 * `one`: an equals sign where no four letters end counts for nothing, as in Python's binascii. `zeros`: it is a letter, and its value 0, as in
 * many small decoders.
 */
function byHand(text: string, as: PaddingReading): Buffer {
  const bytes = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4))
  let length = 0
  let held = 0
  let letters = 0
  let signs = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === EQUALS && as !== 'zeros') {
      signs++
      if (as === 'pieces' || (letters >= 2 && letters + signs >= 4)) letters = 0
      continue
    }
    const value = code === EQUALS ? 0 : (BASE64_VALUES[code] ?? -1)
    if (value < 0) continue
    signs = 0
    held = ((held << 6) | value) & 0xfffff
    // Each letter but the first of four completes a byte.
    if (letters > 0) bytes[length++] = (held >> (6 - 2 * letters)) & 0xff
    letters = (letters + 1) % 4
  }
  return bytes.subarray(0, length)
}
