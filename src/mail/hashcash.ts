// Hashcash version 1 (hashcash.org, A. Back 2002): a stamp that cost its sender some computing, for one recipient.
// `1:bits:date:resource:extension:random:counter`, whose SHA-1 begins with so many zero bits.

import { createHash } from 'node:crypto'
import { DAY } from '../model/duration.ts'

export type StampCheck = {
  readonly recipients: readonly string[]
  readonly minBits: number
  readonly at: number
}

/** A stamp is good for 28 days (hashcash(1)), and a clock may be two days ahead. */
const VALID = 28 * DAY
const AHEAD = 2 * DAY
const MAX_STAMP = 256

/** Names the stamp, for a store of those that were spent; undefined when it is worth nothing. */
export function stampName(
  stamp: string,
  { recipients, minBits, at }: StampCheck,
): string | undefined {
  const text = stamp.replaceAll(/\s+/g, '')
  const parts = text.split(':')
  const [version, bits = '', date = '', resource = ''] = parts
  if (version !== '1' || parts.length !== 7 || text.length > MAX_STAMP) return undefined
  if (!/^\d{1,3}$/.test(bits) || Number(bits) < minBits) return undefined
  const made = dateOf(date)
  if (made === undefined || made > at + AHEAD || made < at - VALID) return undefined
  const wanted = resource.toLowerCase()
  if (!recipients.some(to => to.toLowerCase() === wanted)) return undefined
  const hash = createHash('sha1').update(text).digest()
  return leadingZeros(hash) >= Number(bits) ? hash.toString('hex') : undefined
}

/** YYMMDD, with hhmm or hhmmss behind it. */
function dateOf(text: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0'] =
    /^(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/.exec(text) ?? []
  if (year === undefined) return undefined
  return Date.UTC(
    2000 + Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
}

function leadingZeros(hash: Uint8Array): number {
  let bits = 0
  for (const byte of hash) {
    if (byte === 0) bits += 8
    else return bits + Math.clz32(byte) - 24
  }
  return bits
}
