// The sender that forwarded mail goes out with, and whose bounce comes back to it: SRS, and where that has no room in 64 octets, a token
// that stands in the ledger for three weeks. A token is on disk before mail goes out with it.

import { createHmac } from 'node:crypto'
import { SRS_VALID, type Srs } from '../../mail/srs.ts'
import { DAY } from '../../model/duration.ts'
import type { Records } from '../../ports/records.ts'

export type LongSender = { readonly id: string; readonly sender: string; readonly until: number }

export type RewrittenSenders = {
  /** Rejects when a token could not be written: then the mail has to wait. */
  forward(sender: string, at: number): Promise<string>
  /** Whose bounce this is; undefined when we never wrote that address, or too long ago. */
  reverse(address: string, at: number): string | undefined
}

export type RewritingParts = {
  readonly srs: Srs
  readonly tokens: Records<LongSender>
  readonly domain: string
  readonly secret: string
  readonly trouble: (error: unknown, about: string) => void
  readonly bounds?: typeof BOUNDS
}

/** Tokens that are kept, and how many of those that end first are forgotten when there are more. */
const BOUNDS = { most: 20_000, forgotten: 200 }
/** Hexadecimal digits: 80 bits, which an attacker cannot guess. Some servers write local parts in lower case. */
const DIGITS = 20
const TOKEN = /^srs=([0-9a-f]{20})@/

export function rewrittenSenders(parts: RewritingParts): RewrittenSenders {
  const { srs, tokens, domain, secret } = parts
  const idOf = (sender: string) =>
    createHmac('sha256', secret).update(`long sender ${sender}`).digest('hex').slice(0, DIGITS)
  const makeRoom = roomMaker(parts)
  return {
    forward: async (sender, at) => {
      const written = srs.forward(sender, at)
      if (written !== undefined) return written
      const id = idOf(sender)
      const until = at + SRS_VALID
      const known = tokens.get(id)
      if (!known) makeRoom(at)
      // Once a day is enough to keep a sender that goes on writing.
      if (!known || until - known.until > DAY)
        await tokens.change(id, now =>
          now && until - now.until <= DAY ? undefined : { id, sender, until },
        )
      return `srs=${id}@${domain}`
    },
    reverse: (address, at) => {
      const id = TOKEN.exec(address.toLowerCase())?.[1]
      if (id === undefined) return srs.reverse(address, at)
      const token = tokens.get(id)
      return token && token.until >= at ? token.sender : undefined
    },
  }
}

/** Forgets what has ended, once a day, and what ends first where there are too many. */
function roomMaker({ tokens, trouble, bounds = BOUNDS }: RewritingParts): (at: number) => void {
  let count: number | undefined
  let swept = 0
  const forget = ({ id }: LongSender) =>
    void tokens
      .change(id, () => 'gone')
      .catch(error => trouble(error, 'forgetting the sender of forwarded mail'))
  return at => {
    if (count === undefined || at - swept > DAY) {
      const all = [...tokens.all()]
      const ended = all.filter(one => one.until < at)
      for (const one of ended) forget(one)
      count = all.length - ended.length
      swept = at
    }
    if (count >= bounds.most) {
      const all = [...tokens.all()].sort((a, b) => a.until - b.until)
      for (const one of all.slice(0, bounds.forgotten)) forget(one)
      count -= bounds.forgotten
    }
    count++
  }
}
