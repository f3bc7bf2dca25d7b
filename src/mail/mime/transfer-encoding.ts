// Content-Transfer-Encoding undone (RFC 2045 §6), in all the ways in which a mail program may undo it: spam is seldom encoded by the book.

import type { Field } from '../header.ts'
import { readingsOfBase64 } from './base64.ts'
import { withoutComments } from './comments.ts'
import { hexDigit } from './hex-digit.ts'
import { uuencodedPart } from './uuencode.ts'

/** `none`: the bytes stand there as they are. */
export type Encoding = 'none' | 'base64' | 'quoted-printable' | 'uuencode'

const NONE: readonly Encoding[] = ['none']
/** Not every program knows it. */
const UUENCODE: readonly Encoding[] = ['uuencode', 'none']
/** A map: what stands there is a stranger's, and may be `constructor`. */
const EXACT: ReadonlyMap<string, readonly Encoding[]> = new Map(
  Object.entries({
    base64: ['base64'],
    'quoted-printable': ['quoted-printable'],
    'x-uuencode': UUENCODE,
    uuencode: UUENCODE,
    'x-uue': UUENCODE,
    uue: UUENCODE,
    '7bit': NONE,
    '8bit': NONE,
    binary: NONE,
  }),
)

/** One, nearly always. A word that is none of them, or has something about it, is for some readers not encoded. */
export function transferEncodings(fields: readonly Field[]): readonly Encoding[] {
  const [first] = fields
  if (!first) return NONE
  if (fields.length === 1) return readings(first.value.toLowerCase())
  return [...new Set(fields.flatMap(({ value }) => readings(value.toLowerCase())))]
}

function readings(value: string): readonly Encoding[] {
  const exact = EXACT.get(value)
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
      return quotedPrintable(raw)
    case 'uuencode':
      return [uuencodedPart(raw.toString('latin1'))]
    case 'none':
      return [raw]
  }
}

const NEAR = 16
const [EQUALS, CR, LF, SPACE, TAB] = [0x3d, 0x0d, 0x0a, 0x20, 0x09]

/**
 * Lines that end with `=` are joined first, for some: what an escape is may stand on two of them. Where that is so both readings are
 * given. No program writes it.
 */
function quotedPrintable(raw: Buffer): readonly Buffer[] {
  const joined = unescaped(raw, behindSoftEnds)
  if (joined.isAsIs) return [joined.bytes]
  return [unescaped(raw, (_, from) => from).bytes, joined.bytes]
}

/** `next`: where the next digit of an escape stands. `isAsIs`: always where it was looked for. */
function unescaped(
  raw: Buffer,
  next: (raw: Buffer, from: number) => number,
): { readonly bytes: Buffer; readonly isAsIs: boolean } {
  let at = raw.indexOf(EQUALS)
  let isAsIs = true
  if (at < 0) return { bytes: raw, isAsIs }
  const bytes = Buffer.allocUnsafe(raw.length)
  raw.copy(bytes, 0, 0, at)
  let used = at
  while (at < raw.length) {
    const plain = plainRun(raw, at)
    if (plain > 0) {
      if (plain < NEAR) for (let i = 0; i < plain; i++) bytes[used + i] = raw[at + i] as number
      else raw.copy(bytes, used, at, at + plain)
      used += plain
      at += plain
      continue
    }
    const joined = softEnd(raw, at)
    if (joined >= 0) {
      at = joined
      continue
    }
    const first = next(raw, at + 1)
    const high = hexDigit(raw[first])
    const second = high < 0 ? first : next(raw, first + 1)
    const value = high * 16 + hexDigit(raw[second])
    if (value >= 0 && second !== at + 2) isAsIs = false
    bytes[used++] = value < 0 ? EQUALS : value
    at = value < 0 ? at + 1 : second + 1
  }
  return { bytes: bytes.subarray(0, used), isAsIs }
}

/** How many bytes there are before the next `=`, or the end. A search of the whole costs as much as looking at so many one by one. */
function plainRun(raw: Buffer, from: number): number {
  const near = Math.min(raw.length, from + NEAR)
  for (let at = from; at < near; at++) if (raw[at] === EQUALS) return at - from
  const next = raw.indexOf(EQUALS, near)
  return (next < 0 ? raw.length : next) - from
}

/** Where the next line begins if the `=` here ends one, else -1. Space behind it came on the way (RFC 2045 §6.7). */
function softEnd(raw: Buffer, at: number): number {
  let end = at + 1
  while (raw[end] === SPACE || raw[end] === TAB) end++
  if (raw[end] === CR && raw[end + 1] === LF) end++
  return raw[end] === LF ? end + 1 : -1
}

function behindSoftEnds(raw: Buffer, from: number): number {
  let at = from
  for (let next = at; next >= 0; next = raw[at] === EQUALS ? softEnd(raw, at) : -1) at = next
  return at
}
