// The name of a refusal, as it stands in the reply: its time, and a part that only Cordon can write. So a client that brings a name has it
// from a refusal of ours, and no client can go through the others by counting.

import { hash as digest, timingSafeEqual } from 'node:crypto'

export type RefusalIds = {
  /** A new one; never the same twice in one process. */
  make(at: number): string
  /** When it was made, in ms; undefined when it was not made here. */
  read(id: string): number | undefined
}

const SHAPE = /^([0-9a-z]{8,10})([0-9a-z]{3})([0-9a-f]{8})$/
/** Refusals of one millisecond are told apart by a number of three letters. */
const CYCLE = 36 ** 3

export function refusalIds(secret: string): RefusalIds {
  let count = 0
  let moment = { at: Number.NaN, text: '' }
  let last = { at: '', eight: -1, digest: '' }
  // Cut to a part of it there is nothing to lengthen: the secret may stand in front (one call, where an HMAC is four). Eight
  // that follow each other within a millisecond share a digest, and each has a part of its own: refusals come in floods.
  const hash = (at: string, number: number) => {
    const eight = number >> 3
    if (eight !== last.eight || at !== last.at)
      last = { at, eight, digest: digest('sha256', `${secret} refusal ${at} ${eight}`, 'hex') }
    const from = (number & 7) * 8
    return last.digest.slice(from, from + 8)
  }
  return {
    make: now => {
      count = (count + 1) % CYCLE
      if (now !== moment.at) moment = { at: now, text: now.toString(36).padStart(8, '0') }
      const at = moment.text
      return at + threeLetters(count) + hash(at, count)
    },
    read: id => {
      const [, at = '', number = '', given = ''] = SHAPE.exec(id) ?? []
      const right =
        given !== '' &&
        timingSafeEqual(Buffer.from(given), Buffer.from(hash(at, Number.parseInt(number, 36))))
      return right ? Number.parseInt(at, 36) : undefined
    },
  }
}

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'
const threeLetters = (number: number): string =>
  LETTERS.charAt(number / 36 ** 2) +
  LETTERS.charAt((number / 36) % 36) +
  LETTERS.charAt(number % 36)
