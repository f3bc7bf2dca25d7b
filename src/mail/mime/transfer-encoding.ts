// Content-Transfer-Encoding undone (RFC 2045 §6), in all the ways in which somebody may undo it: spam is seldom encoded by the book.

import { Gathered } from '../gathered.ts'
import type { Field } from '../header.ts'
import { readingsOfBase64 } from './base64.ts'
import { withoutComments } from './comments.ts'
import { uuencodedPart } from './uuencode.ts'

/** `none`: the bytes stand there as they are. */
export type Encoding = 'none' | 'base64' | 'quoted-printable' | 'uuencode'

const NONE: readonly Encoding[] = ['none']
/** Not every program knows it. */
const UUENCODE: readonly Encoding[] = ['uuencode', 'none']
const EXACT: Readonly<Record<string, readonly Encoding[]>> = {
  base64: ['base64'],
  'quoted-printable': ['quoted-printable'],
  'x-uuencode': UUENCODE,
  uuencode: UUENCODE,
  'x-uue': UUENCODE,
  uue: UUENCODE,
  '7bit': NONE,
  '8bit': NONE,
  binary: NONE,
}

/** One, nearly always. A word that is none of them, or has something about it, is for some readers not encoded. */
export function transferEncodings(fields: readonly Field[]): readonly Encoding[] {
  const [first] = fields
  if (!first) return NONE
  if (fields.length === 1) return readings(first.value.toLowerCase())
  return [...new Set(fields.flatMap(({ value }) => readings(value.toLowerCase())))]
}

function readings(value: string): readonly Encoding[] {
  const exact = EXACT[value]
  if (exact) return exact
  const letters = `${value}\n${withoutComments(value)}`.replaceAll(/[^\w\n-]+/g, '')
  const found: Encoding[] = ['none']
  if (letters.includes('base64') || letters.includes('base-64')) found.push('base64')
  if (letters.includes('printable')) found.push('quoted-printable')
  if (letters.includes('uu')) found.push('uuencode')
  return found
}

/** Looks at each byte that undoing it takes (reading-budget.ts; measured by test/cost). */
export const DECODING_STEPS: Readonly<Record<Encoding, number>> = {
  none: 1,
  base64: 4,
  'quoted-printable': 8,
  uuencode: 6,
}

/** One reading, nearly always. */
export function decodeTransfer(raw: Buffer, encoding: Encoding): readonly Buffer[] {
  switch (encoding) {
    case 'base64':
      return readingsOfBase64(raw.toString('latin1'))
    case 'quoted-printable':
      return [quotedPrintable(raw)]
    case 'uuencode':
      return [uuencodedPart(raw.toString('latin1'))]
    case 'none':
      return [raw]
  }
}

const [EQUALS, CR, LF, SPACE, TAB] = [0x3d, 0x0d, 0x0a, 0x20, 0x09]

/** Space behind the last `=` of a line came on the way (RFC 2045 §6.7). */
function quotedPrintable(raw: Buffer): Buffer {
  const joined = withoutSoftEnds(raw)
  let at = joined.indexOf(EQUALS)
  if (at < 0) return joined
  const bytes = Buffer.from(joined)
  let used = at
  for (; at < joined.length; at++) {
    const value = joined[at] === EQUALS ? hexAt(joined, at + 1) : -1
    bytes[used++] = value < 0 ? (joined[at] as number) : value
    if (value >= 0) at += 2
  }
  return bytes.subarray(0, used)
}

/** Lines that end with `=` joined: what an escape is may stand on two of them. */
function withoutSoftEnds(raw: Buffer): Buffer {
  const pieces = new Gathered()
  let from = 0
  for (let at = 0; at < raw.length; ) {
    let end = at + 1
    if (raw[at] !== EQUALS) {
      at = end
      continue
    }
    while (raw[end] === SPACE || raw[end] === TAB) end++
    if (raw[end] === CR && raw[end + 1] === LF) end++
    if (raw[end] === LF) {
      pieces.add(raw.subarray(from, at))
      from = end + 1
      end = from
    }
    at = end
  }
  if (from === 0) return raw
  pieces.add(raw.subarray(from))
  return pieces.bytes()
}

/** What the two digits at this place stand for; -1 where there are none. */
function hexAt(bytes: Buffer, at: number): number {
  const [high, low] = [digit(bytes[at]), digit(bytes[at + 1])]
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function digit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code & ~0x20
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x41 + 10 : -1
}
