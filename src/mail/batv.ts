// Bounce address tag validation (draft-levine-smtp-batv-01, `prvs`): the sender of our mail gets a tag that only we can write, so
// that reports about mail which never came from here can be told from the others.
// `prvs=KDDDSSSSSS=anna@isp.example`: the number of the key, the day (modulo 1000) on which it ends, six hexadecimal digits.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { DAY } from '../model/duration.ts'
import { canonicalAddress, domainOf } from '../model/mail-address.ts'
import { addressOf, contentOf } from './quoted-local.ts'

export type Batv = {
  /** The tagged sender; the same for all attempts of a message that came at `at`. Unchanged: the null sender, a tagged one, one too long. */
  tag(sender: string, at: number): string
  /** Whether there is room for a tag: in a local part of at most 48 characters. */
  fits(sender: string): boolean
  /** Whether we wrote this tag, and it has not ended. */
  isOurs(address: string, at: number): boolean
}

/** Days: six of retries, and one for a clock that is wrong (§3: seven). */
const VALID = 7
const CYCLE = 1000
const KEY = '0'
// RFC 5321 §4.5.3.1.1.
const MAX_LOCAL = 64
const TAG = 'prvs=KDDDSSSSSS='.length
/** A local part that must be quoted is quoted with its tag. */
const TAGGED = /^"?prvs=(\d)(\d{3})([0-9a-f]{6})=(.+)$/i

export function batv(secret: string): Batv {
  const hash = (day: string, address: string) =>
    // Some servers write local parts in lower case: no letter may matter.
    createHmac('sha1', secret)
      .update(`${KEY}${day}${address.toLowerCase()}`)
      .digest('hex')
      .slice(0, 6)
  const fits = (sender: string) => sender.lastIndexOf('@') <= MAX_LOCAL - TAG
  return {
    fits,
    tag: (sender, at) => {
      const local = sender.slice(0, sender.lastIndexOf('@'))
      if (sender === '' || TAGGED.test(local) || !fits(sender)) return sender
      const day = dayNumber(at + VALID * DAY)
      const tagged = `prvs=${KEY}${day}${hash(day, sender)}=${contentOf(local)}`
      return addressOf(tagged, domainOf(sender))
    },
    isOurs: (address, at) => {
      const [, key, day = '', given = ''] = TAGGED.exec(address) ?? []
      const inner = withoutTag(address)
      if (key !== KEY || inner === undefined) return false
      const left = (Number(day) - Number(dayNumber(at)) + CYCLE) % CYCLE
      const wanted = Buffer.from(hash(day, inner))
      return left <= VALID && timingSafeEqual(Buffer.from(given.toLowerCase()), wanted)
    },
  }
}

/** The address inside a tag, ours or another server's; undefined when there is none. */
export function withoutTag(address: string): string | undefined {
  const inner = TAGGED.exec(address)?.[4]
  return inner !== undefined && address.startsWith('"') ? canonicalAddress(`"${inner}`) : inner
}

const dayNumber = (at: number): string => String(Math.floor(at / DAY) % CYCLE).padStart(3, '0')
