// SPF (RFC 7208) through mailauth, with a time budget and a memory of answers: each recipient of a message asks again.

import { BoundedMap } from '../../model/bounded-map.ts'
import type { Answers, SpfResult } from '../../model/question.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Dns } from './node-resolver.ts'

export type Spf = (asked: {
  readonly address: string
  readonly sender: string
  readonly helo: string
}) => Promise<Answers['spf']>

/** RFC 7208 §4.6.4 allows ten look-ups, and §11.1 at least twenty seconds; a client does not wait that long at RCPT. ms for all look-ups. */
const BUDGET = 8000
/** Characters of a record. RFC 7208 §3.4 wants it in 512; with thousands of terms in each of eleven records a question took .3 s of CPU. */
const MAX_RECORD = 8192
/** How long a result is kept, ms. */
const KEPT = 60_000
/** Results kept; the oldest are dropped first. */
const MAX_KEPT = 20_000

const RESULTS: readonly SpfResult[] = ['none', 'neutral', 'pass', 'fail', 'softfail', 'permerror']

export function spfChecker(dns: Dns, now: () => number): Spf {
  const memory = new BoundedMap<string, { until: number; answer: Promise<Answers['spf']> }>(
    MAX_KEPT,
  )

  const ask: Spf = async ({ address, sender, helo }) => {
    // Only a process that checks SPF needs it.
    const { spf } = await import('mailauth/lib/spf/index.js')
    const { status, domain } = await spf({
      ip: address,
      sender,
      helo,
      mta: 'localhost',
      maxElapsedTime: BUDGET,
      strict: true,
      resolver: async (name: string, type: string) => {
        const found = await dns.resolve(name, type)
        if (type === 'TXT') mustBeShort(found as string[][])
        return found as string[]
      },
    })
    const result = RESULTS.find(one => one === status.result)
    if (!result) throw new Error(status.comment || status.result)
    return { result, domain: domain ?? '' }
  }

  return asked => {
    const who = asked.sender === '' ? asked.helo : domainOf(asked.sender)
    const key = `${asked.address} ${who.toLowerCase()}`
    const known = memory.get(key)
    if (known && known.until > now()) return known.answer
    const answer = ask(asked)
    memory.set(key, { until: now() + KEPT, answer })
    // What failed is asked again.
    answer.catch(() => memory.delete(key))
    return answer
  }
}

/** As mailauth's own limits: a permanent error (RFC 7208 §4.6.4). */
function mustBeShort(texts: readonly (readonly string[])[]): void {
  const record = texts.map(strings => strings.join('')).find(text => /^v=spf1(?: |$)/i.test(text))
  if (record === undefined || record.length <= MAX_RECORD) return
  const text = `an SPF record of ${record.length} characters`
  throw Object.assign(new Error(text), { spfResult: { error: 'permerror', text } })
}
