// A list of so many isolated customers, with an address each: of a bench, and of a test of what others meet meanwhile.

import { PublishedList } from '../../src/engine/network/published-list.ts'
import type { Decision } from '../../src/model/decision.ts'
import { DAY } from '../../src/model/duration.ts'
import { lineOf, subjectName } from '../../src/model/evidence.ts'
import type { Lease } from '../../src/model/lease.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'

export function listOf(
  entries: number,
  addressOf: (i: number) => string,
  now?: () => number,
): PublishedList {
  const at = now?.() ?? Date.now()
  const customers = new Map<string, { subscriber: Subscriber; lease: Lease; decision: Decision }>()
  const holders = new Map<string, string>()
  for (let i = 0; i < entries; i++) {
    const id = `kd${i}`
    const address = addressOf(i)
    holders.set(address, id)
    const subscriber: Subscriber = {
      id,
      plan: 'consumer',
      flags: [],
      language: 'en',
      contacts: [],
      logins: [],
    }
    const lease = { realm: 'main', prefix: `${address}/32`, subscriber: id, from: at - DAY }
    const decision: Decision = {
      id: `d${i}`,
      incident: `i${i}`,
      subject: lineOf(id),
      kind: 'isolate',
      at,
      until: at + DAY,
      by: 'evidence',
    }
    customers.set(id, { subscriber, lease, decision })
  }
  return new PublishedList(
    { realm: 'main', privateAddresses: true, consumers: [], domains: [], widest: () => 2 ** 24 },
    {
      cases: {
        inForce: subject => [customers.get(subjectName(subject))?.decision ?? []].flat(),
        open: () => undefined,
        allInForce: () => Array.from(customers.values(), one => one.decision),
      },
      leases: {
        within: () => [],
        current: id => [customers.get(id)?.lease ?? []].flat(),
        holder: (_realm, address) => {
          const subscriber = holders.get(address)
          return subscriber === undefined ? { sure: 'unknown' } : { sure: 'certain', subscriber }
        },
      },
      subscribers: {
        get: id => customers.get(id)?.subscriber,
        all: () => [],
      },
      note: () => undefined,
      now: now ?? (() => at),
      secret: 'bench',
    },
  )
}
