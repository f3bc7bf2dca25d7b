// The Sender Rewriting Scheme (M. Wong, "Sender Rewriting Scheme for Forwarding Mail", 2004): mail that we forward gets a
// sender of ours, so that it passes SPF, and a bounce to the original sender finds its way back.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { DAY } from '../model/duration.ts'
import { domainOf } from '../model/mail-address.ts'
import { addressOf, contentOf } from './quoted-local.ts'

export type Srs = {
  /** The sender a forwarded message gets; the null sender stays. Undefined when it would become too long. */
  forward(sender: string, at: number): string | undefined
  /** The original sender, to which this bounce goes; undefined when Cordon never wrote the address, or too long ago. */
  reverse(address: string, at: number): string | undefined
}

/** Days: a bounce may take a week of retries, and a holiday. */
const VALID = 21
/** The same in ms. */
export const SRS_VALID = VALID * DAY
/** Days are told modulo 1,024, in two characters of base32. */
const CYCLE = 1024
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Hexadecimal digits of the hash: 32 bits, guessed once in four billion. */
const HASH = 8
// RFC 5321 §4.5.3.1.1.
const MAX_LOCAL = 64

export function srs(domain: string, secret: string): Srs {
  const hash = (text: string) =>
    // Some servers write local parts in lower case: no letter of it may matter.
    createHmac('sha256', secret).update(text.toLowerCase()).digest('hex').slice(0, HASH)
  const right = (given: string, text: string) => {
    const wanted = Buffer.from(hash(text))
    const got = Buffer.from(given.toLowerCase())
    return got.length === wanted.length && timingSafeEqual(got, wanted)
  }
  const fitting = (content: string) => {
    const address = addressOf(content, domain)
    return address.lastIndexOf('@') <= MAX_LOCAL ? address : undefined
  }

  return {
    forward: (sender, at) => {
      if (sender === '') return ''
      const local = contentOf(sender.slice(0, sender.lastIndexOf('@')))
      const host = domainOf(sender)
      // Forwarded twice: the first forwarder's own address is kept inside, and its bounce goes there directly.
      const first = /^SRS0([=+-].*)$/i.exec(local)?.[1]
      if (first !== undefined) {
        const inner = `${host}=${first}`
        return fitting(`SRS1=${hash(inner)}=${inner}`)
      }
      const again = /^SRS1[=+-][^=]+=([^=]+=[=+-].*)$/i.exec(local)?.[1]
      if (again !== undefined) return fitting(`SRS1=${hash(again)}=${again}`)
      const inner = `${stamp(at)}=${host}=${local}`
      return fitting(`SRS0=${hash(inner)}=${inner}`)
    },
    reverse: (address, at) => {
      const local = contentOf(address.slice(0, address.lastIndexOf('@')))
      const zero = /^SRS0[=+-]([^=]+)=(([A-Z2-7]{2})=([^=]+)=(.*))$/i.exec(local)
      if (zero) {
        const [, given = '', inner = '', day = '', host = '', user = ''] = zero
        return right(given, inner) && isRecent(day, at) ? addressOf(user, host) : undefined
      }
      const one = /^SRS1[=+-]([^=]+)=(([^=]+)=([=+-].+))$/i.exec(local)
      const [, given = '', inner = '', host = '', rest = ''] = one ?? []
      return one && right(given, inner) ? addressOf(`SRS0${rest}`, host) : undefined
    },
  }
}

function stamp(at: number): string {
  const day = Math.floor(at / DAY) % CYCLE
  return `${BASE32[day >> 5]}${BASE32[day & 31]}`
}

function isRecent(text: string, at: number): boolean {
  const [high = -1, low = -1] = text
    .toUpperCase()
    .split('')
    .map(letter => BASE32.indexOf(letter))
  const day = (high << 5) | low
  const today = Math.floor(at / DAY) % CYCLE
  return (today - day + CYCLE) % CYCLE <= VALID
}
