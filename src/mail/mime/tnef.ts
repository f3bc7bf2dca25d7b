// Names of the files in a winmail.dat ([MS-OXTNEF]: Transport Neutral Encapsulation Format), which Outlook, Evolution and KMail open without
// being asked. A walk over its attributes, each with its length in front: what does not add up to its end is said to be unreadable.

import { decodeCharset } from './charset.ts'

/** `whole`: it was read to its end, and each of its files has a name. */
export type TnefNames = { readonly names: readonly string[]; readonly whole: boolean }

const SIGNATURE = 0x223e9f78
const [ATTACH_TITLE, ATTACHMENT, CODE_PAGE] = [0x00018010, 0x00069005, 0x00069007]
/** Level, number and length, and the checksum behind the data. */
const HEAD = 9
const CHECKSUM = 2
/** Attributes and properties that are looked at. */
const MOST = 5000
/** PR_ATTACH_LONG_FILENAME, PR_ATTACH_FILENAME, PR_DISPLAY_NAME, PR_ATTACH_TRANSPORT_NAME. */
const NAMES = new Set([0x3707, 0x3704, 0x3001, 0x370c])
/** Bytes of a value of each type that has a fixed size, padded to four. */
const SIZES: Readonly<Record<number, number>> = {
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  0xa: 4,
  0xb: 4,
  0x14: 8,
  0x40: 8,
  0x48: 16,
}
const [STRING8, UNICODE, OBJECT, BINARY] = [0x1e, 0x1f, 0x0d, 0x102]
const MULTIPLE = 0x1000
const NAMED_PROPERTY = 0x8000
const IID = 16

export const isTnef = (bytes: Buffer): boolean =>
  bytes.length >= 6 && bytes.readUInt32LE(0) === SIGNATURE

export function tnefNames(bytes: Buffer): TnefNames {
  const names: string[] = []
  let charset = 'windows-1252'
  let at = 6
  for (let i = 0; i < MOST && at + HEAD <= bytes.length; i++) {
    const kind = bytes.readUInt32LE(at + 1)
    const from = at + HEAD
    const to = from + bytes.readUInt32LE(at + 5)
    if (to > bytes.length) return { names, whole: false }
    const data = bytes.subarray(from, to)
    if (kind === CODE_PAGE && data.length >= 4) charset = `cp${data.readUInt32LE(0)}`
    if (kind === ATTACH_TITLE) names.push(text(data, charset))
    if (kind === ATTACHMENT && !addProperties(data, charset, names)) return { names, whole: false }
    at = to + CHECKSUM
  }
  return { names, whole: at >= bytes.length }
}

/** It ends at the first NUL. */
const text = (data: Buffer, charset: string): string =>
  (decodeCharset(data, charset).split('\0', 1)[0] ?? '').trim()

/** The properties of one attachment ([MS-OXTNEF] §2.1.3.4): those that name it are kept. False when they do not end where they should. */
function addProperties(data: Buffer, charset: string, names: string[]): boolean {
  if (data.length < 4) return false
  const count = data.readUInt32LE(0)
  let at = 4
  for (let i = 0; i < count; i++) {
    if (i >= MOST || at + 4 > data.length) return false
    const type = data.readUInt16LE(at)
    const id = data.readUInt16LE(at + 2)
    at += 4
    if (id >= NAMED_PROPERTY) at = behindName(data, at)
    const kind = type & ~MULTIPLE
    const fixed = SIZES[kind]
    const isVaried = kind === STRING8 || kind === UNICODE || kind === OBJECT || kind === BINARY
    let values = 1
    if (isVaried || type !== kind) {
      if (at + 4 > data.length) return false
      values = data.readUInt32LE(at)
      at += 4
    }
    if (values > MOST || (fixed === undefined && !isVaried)) return false
    for (let value = 0; value < values; value++) {
      if (fixed !== undefined) {
        at += fixed
        continue
      }
      if (at + 4 > data.length) return false
      const length = data.readUInt32LE(at)
      const bytes = data.subarray(at + 4, at + 4 + length)
      if (bytes.length < length) return false
      if (NAMES.has(id)) names.push(text(bytes, kind === UNICODE ? 'utf-16le' : charset))
      at += 4 + length + (-length & 3)
    }
  }
  return at <= data.length + 3
}

/** A GUID, and a number or a name. */
function behindName(data: Buffer, from: number): number {
  const at = from + IID
  if (at + 8 > data.length) return data.length
  if (data.readUInt32LE(at) === 0) return at + 8
  const length = data.readUInt32LE(at + 4)
  return at + 8 + length + (-length & 3)
}
