// Text of a part in whatever character set it says (RFC 2046 §4.1.2): all that TextDecoder knows, and UTF-7, UTF-32, the two ways of
// UTF-16, and old Korean and Chinese. An unknown set has its ASCII in the usual place, nearly always, and is read as UTF-8.

import { decoderName, plainLabel } from './charset-labels.ts'
import { decodeShifted } from './shifted-charset.ts'
import { decodeUtf7 } from './utf-7.ts'

const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

/** `label` as it is written: `utf-8`, `"ISO_8859-1"`; empty where nothing is. Bytes that fit nowhere become U+FFFD, or stay. */
export function decodeCharset(bytes: Buffer, label: string): string {
  const said = asSaid(bytes, label)
  const mark = markedCharset(bytes)
  // For some a byte order mark counts more than what is said (WHATWG Encoding §6).
  return mark === undefined ? said : `${said}\n${decoded(bytes, mark)}`
}

/**
 * A program that knows this character set reads other text in these bytes than Cordon does. False for a set in which ASCII stands in its
 * usual place: its other characters start no program and are no link, or are ASCII once more (`TWICE`).
 */
export function isForeign(bytes: Buffer, label: string): boolean {
  const short = plainLabel(label)
  if (short === '' || short.includes('utf8') || isWide(short) || ASCII_INSIDE.test(short))
    return false
  if (decoderName(short) !== undefined || decodeShifted(bytes, short) !== undefined) return false
  if (ESCAPES.test(short)) return true
  for (const byte of bytes) if (byte >= 0x80 || byte === SHIFT_OUT || byte === ESC) return true
  return false
}

/** Sets of which TextDecoder knows none or not all, and what programs write that know of none. */
const ASCII_INSIDE =
  /^(?:x|cs)?(?:unknown|8bit|none|default|ansi|ascii|iso8859|windows|koi|mac|euc|gb|big5|ksc|johab|tis|viscii|tcvn|(?:cp|ibm|dos|oem)?(?:437|7(?:20|37|75)|8(?:08|5[0-8]|6[0-6]|69|72)|1125))/
/** Their signs run from right to left, too, with 0x80 added: Apple's Arabic, Farsi and Hebrew. */
const TWICE = /^(?:x|cs)?mac(?:arabic|farsi|persian|hebrew|urdu)/
/** Of these, those bytes: space to `?`, `[` to `_`, `{` to `}`; their digits are digits in some. */
const isAgain = (byte: number): boolean =>
  (byte >= 0xa0 && byte <= 0xbf) || (byte >= 0xdb && byte <= 0xdf) || (byte >= 0xfb && byte <= 0xfd)
/** All of it is ASCII, and stands for something else. */
const ESCAPES = /escape|punycode|idna|^hz|imap/
const SHIFT_OUT = 0x0e
const ESC = 0x1b

const isWide = (short: string): boolean =>
  /^(?:x|cs)?(?:utf|unicode(?!escape)|iso10646)/.test(short) || short.includes('ucs')

function asSaid(bytes: Buffer, label: string): string {
  if (label === '' || /^utf-?8$/i.test(label)) return bytes.toString('utf8')
  const short = plainLabel(label)
  if (isWide(short) && !short.includes('utf8')) {
    const unicode = decodeUnicode(bytes, short)
    // Many programs do not know these labels, and show the ASCII that stands there.
    return short.includes('utf7') || !hasAscii(bytes)
      ? unicode
      : `${unicode}\n${bytes.toString('utf8')}`
  }
  if (TWICE.test(short)) return Buffer.from(bytes.map(onceMore)).toString('latin1')
  const name = decoderName(short)
  if (name !== undefined) return decoded(bytes, name)
  const shifted = decodeShifted(bytes, short)
  const plain = bytes.toString('utf8')
  // Many programs know none of these, and show what stands there.
  return shifted === undefined || shifted === plain ? plain : `${shifted}\n${plain}`
}

/** More of it in a row than in Latin letters of UTF-16. */
const hasAscii = (bytes: Buffer): boolean => /[!-~]{4}/.test(bytes.toString('latin1'))

const onceMore = (byte: number): number => (isAgain(byte) ? byte & 0x7f : byte)

/** `label`: its letters and digits. */
function decodeUnicode(bytes: Buffer, label: string): string {
  if (label.includes('utf7')) return decodeUtf7(bytes)
  if (/utf32|ucs4/.test(label)) return decodeUtf32(bytes)
  if (/be$|fffe$/.test(label)) return decoded(bytes, 'utf-16be')
  if (/le$|feff$/.test(label)) return decoded(bytes, 'utf-16le')
  // RFC 2781 §4.3: big-endian; most programs take it for little.
  return /utf16|ucs2|unicode$|iso10646$/.test(label)
    ? `${decoded(bytes, 'utf-16le')}\n${decoded(bytes, 'utf-16be')}`
    : bytes.toString('utf8')
}

/** Which way round is told by where the zeros are: a character is below U+110000. */
function decodeUtf32(bytes: Buffer): string {
  const isBig = bytes[0] === 0
  const units = new Uint16Array(Math.ceil(bytes.length / 2))
  let length = 0
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
    if (code > 0x10ffff) units[length++] = 0xfffd
    else if (code < 0x10000) units[length++] = code
    else {
      units[length++] = 0xd800 + ((code - 0x10000) >> 10)
      units[length++] = 0xdc00 + (code & 0x3ff)
    }
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le')
}

function markedCharset(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return bytes[2] === 0 && bytes[3] === 0 ? undefined : 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
}

function decoded(bytes: Buffer, name: string): string {
  let decoder = decoders.get(name)
  if (!decoder) {
    decoder = new TextDecoder(name)
    decoders.set(name, decoder)
  }
  return decoder.decode(bytes)
}
