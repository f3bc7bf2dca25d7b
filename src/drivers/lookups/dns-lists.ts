// DNS lists (RFC 5782): asked, and tested themselves. A zone that lists 127.0.0.1 lists everything, one that does not list
// 127.0.0.2 lists nothing; both are switched off until the next test, and an alarm is told. An answer outside 127.0.0.0/8,
// or in 127.255.255.0/24 (over quota, open resolver), is an error and never a listing.

import { HOUR } from '../../model/duration.ts'
import { parseIp } from '../../model/ip.ts'
import { backwards } from '../../model/reverse-name.ts'
import type { Resolver } from '../../ports/resolver.ts'

type ListKind = 'addresses' | 'domains'

/** RFC 5782 §5: what is always listed, and what never is. */
const TEST_ENTRIES: Readonly<Record<ListKind, readonly [string, string]>> = {
  addresses: ['127.0.0.2', '127.0.0.1'],
  domains: ['test', 'invalid'],
}

export type DnsLists = {
  /** Return codes; empty when it is not listed. Rejects when the zone cannot be believed just now. */
  ask(zone: string, of: string): Promise<readonly string[]>
}

type Tested = { readonly until: number; readonly broken: Promise<string | undefined> }

export function dnsLists(
  resolver: Pick<Resolver, 'listed'>,
  now: () => number,
  alarm: (words: string) => void,
): DnsLists {
  const tested = new Map<string, Tested>()

  const codes = async (zone: string, of: string): Promise<readonly string[]> => {
    const answer = await resolver.listed(`${labelsOf(of)}.${zone}`)
    if ('failed' in answer) throw new Error(answer.failed)
    const wrong = answer.value.find(
      code => !code.startsWith('127.') || code.startsWith('127.255.255.'),
    )
    if (wrong !== undefined) throw new Error(`${zone} answers ${wrong}`)
    return answer.value
  }
  const test = async (zone: string, kind: ListKind): Promise<string | undefined> => {
    try {
      const [always, never] = await Promise.all(TEST_ENTRIES[kind].map(of => codes(zone, of)))
      if (never && never.length > 0) return `${zone} lists everything`
      return always && always.length > 0
        ? undefined
        : `${zone} lists nothing, not even its test entry`
    } catch (error) {
      return String(error)
    }
  }
  const broken = (zone: string, kind: ListKind): Promise<string | undefined> => {
    const key = `${kind} ${zone}`
    const known = tested.get(key)
    if (known && known.until > now()) return known.broken
    const asked = test(zone, kind)
    tested.set(key, { until: now() + HOUR, broken: asked })
    void asked.then(words => {
      if (words !== undefined) alarm(`the list ${zone} is switched off for an hour: ${words}`)
    })
    return asked
  }

  return {
    ask: async (zone, of) => {
      const words = await broken(zone, parseIp(of) ? 'addresses' : 'domains')
      if (words !== undefined) throw new Error(words)
      return codes(zone, of)
    },
  }
}

/** RFC 5782 §2: an address backwards, a domain as it is. */
export function labelsOf(of: string): string {
  const ip = parseIp(of)
  return ip ? backwards(ip) : of
}
