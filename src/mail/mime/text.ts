// The text of a part, in each character set that a mail program may read in its fields.

import { decodeCharset, isForeign } from './charset.ts'
import { plainLabel } from './charset-labels.ts'
import { parameters } from './parameters.ts'
import type { PartFields } from './part-fields.ts'
import { type At, mayTake, unread } from './walked.ts'

/** Character sets that a mail program may read in the fields of one part. */
const MAX_CHARSETS = 4
/** Characters of a character set's name that are reported. */
const MAX_CHARSET_NAME = 40
/** Looks at each byte that a character set takes, at most. */
const CHARSET_STEPS = 8

/** The first is the usual one; empty where none is said. */
export function charsetsOf({ types }: PartFields, at: At): readonly string[] {
  const { values, tooMany, foreign } = parameters(types, 'charset', at.found.budget)
  if (tooMany || values.size > MAX_CHARSETS) unread('header', at)
  if (foreign) unread('character-set', at)
  return values.size === 0 ? [''] : [...values].slice(0, MAX_CHARSETS)
}

/** A character takes two bytes or four: where a line ends counts. */
const WIDE = /utf(?:16|32)|ucs|unicode|10646/
const SEVEN_BIT = /utf7/

/** Signs of ASCII do not stand there as they are. */
export function isShifted(charset: string): boolean {
  const label = plainLabel(charset)
  return WIDE.test(label) || SEVEN_BIT.test(label)
}

export function decoded(bytes: Buffer, charset: string, at: At): string {
  if (!mayTake(bytes.length * CHARSET_STEPS, at)) return ''
  if (isForeign(bytes, charset)) {
    unread('character-set', at)
    at.found.charset ??= charset.replaceAll(/[^!-~]/g, '?').slice(0, MAX_CHARSET_NAME)
  }
  const text = decodeCharset(bytes, charset)
  if (!WIDE.test(plainLabel(charset)) || !bytes.includes('\r\n')) return text
  // A program that reads the text line by line has one byte less in each line.
  const joined = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  return `${text}\n${decodeCharset(joined, charset)}`
}
