// Content-Transfer-Encoding undone (RFC 2045 §6), in all the ways in which somebody may undo it: spam is seldom encoded by the book.

import type { Field } from '../header.ts'
import { readingsOfBase64 } from './base64.ts'
import { withoutComments } from './comments.ts'
import { uuencodedFiles } from './uuencode.ts'

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
      return [Buffer.concat(uuencodedFiles(raw.toString('latin1')).map(({ bytes }) => bytes))]
    case 'none':
      return [raw]
  }
}

/** Space behind the last `=` of a line came on the way (RFC 2045 §6.7). */
function quotedPrintable(raw: Buffer): Buffer {
  const text = raw
    .toString('latin1')
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return Buffer.from(text, 'latin1')
}
