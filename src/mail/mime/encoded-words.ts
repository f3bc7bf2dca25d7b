// RFC 2047 encoded words, wherever they stand, in any character set of charset.ts. Leniently: programs write them in parameters, in
// quotes and side by side in words.

import { isAscii } from '../../model/mail-address.ts'
import { bytesOfWord, WAYS } from './base64.ts'
import { decodeCharset, isForeign } from './charset.ts'
import { hexDigit } from './hex-digit.ts'

/** The language behind the character set (RFC 2231 §5) does not matter, nor does a length that no set has. Linear: each part ends at a `?`. */
const WORD = /=\?([^?*]*)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi

/** Something stands behind an equals sign of base64. */
const STRANGE = /\?b\?[^?=]*=+[^?=]/i

/** The decoded text; several readings where readers differ about base64, or join words before they decode them. */
export function readingsOfWords(value: string): readonly string[] {
  const joined = joinedWords(value)
  const found = [joined, ...(joined === value ? [] : [value])].flatMap(one =>
    STRANGE.test(one) ? WAYS.map((_, way) => decodeWords(one, way)) : [decodeWords(one)],
  )
  if (found.every(hasPlainEnd)) return found
  return [...found, decodeWords(value, 0, asciiOf)]
}

/** Behind its last dot there is only ASCII: a program that leaves out bytes that fit nowhere sees the same extension. */
export const hasPlainEnd = (text: string): boolean =>
  isAscii(text.slice(Math.max(0, text.lastIndexOf('.'))))

/** What a program reads that leaves out all bytes above 127, as if none of them fitted, and the shifts to another set (ISO 2022). */
export const asciiOf = (bytes: Buffer): string =>
  bytes.toString('latin1').replaceAll(NOT_ASCII, '').replaceAll(SHIFT, '')

// oxlint-disable-next-line no-control-regex
const NOT_ASCII = /[^\t\n\r\x1b-~]/g
/** Designations and single shifts. */
// oxlint-disable-next-line no-control-regex
const SHIFT = /\x1b(?:[ -/]{1,3}[@-Z]|[NO])/g

/** One of its words is in a character set that Cordon does not know. */
export function hasForeignWord(value: string): boolean {
  for (const [, charset = '', how, text = ''] of value.matchAll(WORD)) {
    const bytes = how === 'b' || how === 'B' ? bytesOfWord(text, 0) : bytesOfQ(text)
    if (isForeign(bytes, charset)) return true
  }
  return false
}

/** `value` with its encoded words decoded, and without the space between two of them. `way`: of reading base64. */
export function decodeWords(value: string, way = 0, decode = decodeCharset): string {
  if (!value.includes('=?')) return value
  WORD.lastIndex = 0
  let found = ''
  let end = 0
  let begun: Buffer | undefined
  let label = ''
  for (let word = WORD.exec(value); word; word = WORD.exec(value)) {
    const [all, charset = '', how, text = ''] = word
    const between = value.slice(end, word.index)
    const isNext = begun !== undefined && /^\s*$/.test(between)
    const bytes = how === 'b' || how === 'B' ? bytesOfWord(text, way) : bytesOfQ(text)
    end = word.index + all.length
    if (begun && isNext && label === charset && begun.length < MAX_TOGETHER) {
      // A letter of several bytes may be cut between two words of one character set.
      begun = Buffer.concat([begun, bytes])
      continue
    }
    if (begun) found += decode(begun, label)
    if (!isNext) found += between
    begun = bytes
    label = charset
  }
  if (begun) found += decode(begun, label)
  return found + value.slice(end)
}

/** An escape stands in two words, or four letters of base64. */
const isOpen = (how: string, end: string, length: number): boolean =>
  how === 'q' ? /=[\da-f]?$/i.test(end) : length % 4 !== 0 && !end.endsWith('=')

/** Each word whose last escape, or last letters of base64, are not whole is one with the next, where that is in the same character set. */
export function joinedWords(value: string): string {
  if (!/\?=\s*=\?/.test(value)) return value
  let found = ''
  let at = 0
  let begun: { key: string; how: string; end: string; length: number } | undefined
  for (const word of value.matchAll(WORD)) {
    const [all, charset = '', way = '', text = ''] = word
    const how = way.toLowerCase()
    const key = `${charset.toLowerCase()} ${how}`
    const between = value.slice(at, word.index)
    const isNext = begun?.key === key && /^\s*$/.test(between)
    if (begun && isNext && isOpen(begun.how, begun.end, begun.length)) found += text
    else found += `${begun ? '?=' : ''}${between}${all.slice(0, all.length - 2)}`
    const length = isNext && begun ? begun.length + text.length : text.length
    begun = { key, how, end: `${isNext && begun ? begun.end : ''}${text}`.slice(-2), length }
    at = word.index + all.length
  }
  return `${found}${begun ? '?=' : ''}${value.slice(at)}`
}

/** Words are put together up to here: each time all of it is copied. */
const MAX_TOGETHER = 512

function bytesOfQ(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  let used = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    const value = byte === EQUALS ? 16 * hexDigit(bytes[at + 1]) + hexDigit(bytes[at + 2]) : -1
    if (value >= 0) at += 2
    bytes[used++] = value >= 0 ? value : byte === UNDERLINE ? SPACE : byte
  }
  return bytes.subarray(0, used)
}
const [EQUALS, UNDERLINE, SPACE] = [0x3d, 0x5f, 0x20]
