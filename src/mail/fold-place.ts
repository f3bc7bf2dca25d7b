// Where a line that is too long is folded: at the last white space of its last 100 octets; else between two ASCII octets; else between two
// characters, of UTF-8, of two octets (Shift_JIS, EUC, GBK, Big5), or of a character set that is shifted (ISO-2022), which is left before the
// fold and entered behind it. Never within `=XX` of quoted-printable, nor between two of them that may be one character. The text may
// be of any character set: which one is not asked, and where nothing fits it is folded at the limit, as Postfix does.

import { isAscii as isAllAscii, isUtf8 } from 'node:buffer'

/** Octets in front of a line that goes on behind a fold, and, where it goes on shifted, in what. */
export type FoldPlace = { readonly length: number; readonly shift?: Shift | undefined }

/** `put` is put in at `at`. */
export type Fold = { readonly at: number; readonly put: Buffer; readonly next: FoldPlace }

/** How a character set of two octets a character is entered and left. */
type Shift = { readonly enter: string; readonly leave: string }

type LineToFold = {
  readonly from: number
  readonly room: number
  readonly shift: Shift | undefined
}

/** Octets before the limit in which a better place is looked for. */
const NEAR = 100
const ESC = 0x1b
const [SHIFT_OUT, SHIFT_IN] = [0x0e, 0x0f]
const [SPACE, TAB, EQUALS] = [0x20, 0x09, 0x3d]

/** The line begins at `from` and has more than `room` octets. Looks at each of these once, or, in ASCII, at those near the limit. */
export function foldPlace(bytes: Buffer, { from, room, shift: first }: LineToFold): Fold {
  const limit = from + room
  const start = first === undefined && isPlain(bytes.subarray(from, limit)) ? limit - NEAR : from
  const sizeOf =
    start > from || isUtf8(bytes.subarray(from, characterStart(bytes, limit, from)))
      ? sizeInUtf8
      : sizeOfPair
  let shift = first
  let [space, ascii, any] = [0, 0, limit]
  let shifted: Shift | undefined
  for (let at = Math.max(from, start); at <= limit; ) {
    if (at > limit - NEAR && !isWithinQuoted(bytes, at)) {
      if (isPlaceShifted(shift, limit - at)) [any, shifted] = [at, shift]
      if (shift === undefined) {
        if (isSpace(bytes, at) && !isSpace(bytes, at - 1) && !isSpace(bytes, at + 1)) space = at
        else if (isAscii(bytes, at - 1) && isAscii(bytes, at)) ascii = at
      }
    }
    const next = step(bytes, at, { shift, sizeOf })
    at += next.size
    shift = next.shift
  }
  if (space > 0) return { at: space, put: Buffer.from('\r\n'), next: { length: 0 } }
  if (ascii > 0) return { at: ascii, put: Buffer.from('\r\n '), next: { length: 1 } }
  const { enter, leave } = shifted ?? { enter: '', leave: '' }
  const put = Buffer.from(`${leave}\r\n ${enter}`, 'latin1')
  return { at: any, put, next: { length: 1 + enter.length, shift: shifted } }
}

/** ASCII, and nothing that shifts. */
const isPlain = (bytes: Buffer): boolean =>
  isAllAscii(bytes) && !bytes.includes(ESC) && !bytes.includes(SHIFT_OUT)

/** There is room to leave the character set. */
const isPlaceShifted = (shift: Shift | undefined, room: number): boolean =>
  room >= (shift?.leave.length ?? 0)

type CharacterReading = {
  readonly shift: Shift | undefined
  readonly sizeOf: (bytes: Buffer, at: number) => number
}

/** The character, or the shift, that stands there. */
function step(
  bytes: Buffer,
  at: number,
  { shift, sizeOf }: CharacterReading,
): { readonly size: number; readonly shift: Shift | undefined } {
  const byte = bytes[at] as number
  if (byte === ESC) return escape(bytes, at, shift)
  if (byte === SHIFT_OUT) return { size: 1, shift: { enter: '\x0e', leave: '\x0f' } }
  if (byte === SHIFT_IN) return { size: 1, shift: undefined }
  if (shift && byte > SPACE && byte < 0x7f) return { size: 2, shift }
  return { size: byte < 0x80 ? 1 : sizeOf(bytes, at), shift }
}

/** ISO 2022: `ESC $ B` enters a set of two octets a character, `ESC ( B` one of single octets. */
function escape(bytes: Buffer, at: number, shift: Shift | undefined) {
  const set = bytes.toString('latin1', at + 1, at + 4)
  if (/^\$(?:[@AB]|\([@-D])/.test(set)) {
    const enter = bytes.toString('latin1', at, at + (set[1] === '(' ? 4 : 3))
    return { size: enter.length, shift: { enter, leave: '\x1b(B' } }
  }
  return bytes[at + 1] === 0x28 ? { size: 3, shift: undefined } : { size: 1, shift }
}

const sizeInUtf8 = (bytes: Buffer, at: number): number => {
  const lead = bytes[at] as number
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}

const sizeOfPair = (): number => 2

function characterStart(bytes: Buffer, at: number, from: number): number {
  for (let start = at; start > from && start > at - 4; start--)
    if (((bytes[start] as number) & 0xc0) !== 0x80) return start
  return at
}

/** Behind `=` or `=X`, or in front of a `=XX` that goes on with a character of UTF-8. */
function isWithinQuoted(bytes: Buffer, at: number): boolean {
  if (bytes[at - 1] === EQUALS) return true
  if (bytes[at - 2] === EQUALS && isHex(bytes[at - 1])) return true
  return bytes[at] === EQUALS && /^[89AB]/i.test(String.fromCharCode(bytes[at + 1] ?? 0))
}

const isHex = (byte = 0): boolean => /^[0-9A-F]/i.test(String.fromCharCode(byte))
const isSpace = (bytes: Buffer, at: number): boolean => bytes[at] === SPACE || bytes[at] === TAB
const isAscii = (bytes: Buffer, at: number): boolean => (bytes[at] ?? 0xff) < 0x80
