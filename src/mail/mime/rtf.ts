// RTF as Outlook packs it into a winmail.dat ([MS-OXRTFCP]), and what a reader shows of it: enough to find the links.

import type { Take } from './tnef.ts'

/** A dictionary of so many bytes, which begins with what most texts use. */
const SIZE = 4096
const START = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
)
const HEAD = 16
/** Eight tokens of seventeen bytes. */
const MOST_AT_ONCE = 8 * 17
const [COMPRESSED, PLAIN] = [0x75465a4c, 0x414c454d]
/** Work of a byte of it. */
const STEPS = 8

/** `fault`: there is more of it than is wanted, or it is damaged. */
export type UnpackedRtf = { readonly text: string; readonly fault?: 'large' | 'damaged' }

/** `most`: bytes that are wanted. */
export function unpackedRtf(packed: Buffer, most: number, take: Take): UnpackedRtf {
  if (packed.length === 0) return { text: '' }
  if (packed.length < HEAD) return { text: '', fault: 'damaged' }
  const size = packed.readUInt32LE(4)
  const wanted = Math.min(size, most)
  const kind = packed.readUInt32LE(8)
  if (kind !== COMPRESSED && kind !== PLAIN) return { text: '', fault: 'damaged' }
  if (!take((wanted + packed.length) * STEPS)) return { text: '' }
  const bytes = kind === PLAIN ? packed.subarray(HEAD, HEAD + wanted) : unpacked(packed, wanted)
  const text = bytes.toString('latin1')
  if (bytes.length < wanted) return { text, fault: 'damaged' }
  return size > most ? { text, fault: 'large' } : { text }
}

/** Eight tokens behind each byte of flags: a byte, or a place in the dictionary and a length. The place of the next byte ends it. */
function unpacked(packed: Buffer, wanted: number): Buffer {
  const found = new Unpacked(wanted)
  let at = HEAD
  while (at < packed.length && !found.isFull) {
    const flags = packed[at++] as number
    for (let bit = 0; bit < 8 && at < packed.length; bit++) {
      if ((flags & (1 << bit)) === 0) found.add(packed[at++] as number)
      else {
        if (at + 2 > packed.length) return found.bytes
        const token = packed.readUInt16BE(at)
        at += 2
        if (!found.repeat(token >> 4, (token & 15) + 2)) return found.bytes
      }
    }
  }
  return found.bytes
}

class Unpacked {
  readonly #seen = Buffer.alloc(SIZE)
  /** With room for the last token. */
  readonly #all: Buffer
  readonly #wanted: number
  #write = START.length
  #used = 0

  constructor(wanted: number) {
    START.copy(this.#seen)
    this.#wanted = wanted
    this.#all = Buffer.alloc(wanted + MOST_AT_ONCE)
  }

  get isFull(): boolean {
    return this.#used >= this.#wanted
  }

  get bytes(): Buffer {
    return this.#all.subarray(0, Math.min(this.#used, this.#wanted))
  }

  add(byte: number): void {
    this.#seen[this.#write] = byte
    this.#write = (this.#write + 1) % SIZE
    this.#all[this.#used++] = byte
  }

  /** False at the end. */
  repeat(from: number, length: number): boolean {
    if (from === this.#write) return false
    const [seen, all] = [this.#seen, this.#all]
    let [write, used] = [this.#write, this.#used]
    for (let i = 0; i < length; i++) {
      const byte = seen[(from + i) % SIZE] as number
      seen[write] = byte
      write = (write + 1) % SIZE
      all[used++] = byte
    }
    this.#write = write
    this.#used = used
    return true
  }
}

/** Ends of lines; a sign by its number; a character in Unicode with what stands for it; an escape; other words; groups; what is no text. */
const CONTROL =
  /\\(?:par|line|tab|cell|row|sect|page)(?![a-z]) ?|\\'([\da-f]{2})|\\u(-?\d{1,5}) ?\??|\\([\\{}])|\\[a-z]{1,32}(?:-?\d{1,10})? ?|\\[^a-z]|[{}\r\n]/gi

/** As it is shown, fields with their instructions (`HYPERLINK "http://…"`). */
export const textOfRtf = (rtf: string): string =>
  rtf.replace(CONTROL, (whole: string, hex?: string, code?: string, escaped?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (code !== undefined) return String.fromCharCode(Number(code) & 0xffff)
    if (escaped !== undefined) return escaped
    return /^\\[plstcr]/.test(whole) && ENDS.test(whole) ? '\n' : ''
  })

const ENDS = /^\\(?:par|line|tab|cell|row|sect|page)(?![a-z])/i
