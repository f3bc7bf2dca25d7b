// Our list with so many entries, answering on a free port: what the bench of the list asks. Prints its port, and what an entry costs.

import { openDnsServer } from '../src/doors/dns/server.ts'
import { PublishedList } from '../src/engine/network/published-list.ts'
import type { Decision } from '../src/model/decision.ts'
import { DAY } from '../src/model/duration.ts'
import { lineOf, subjectName } from '../src/model/evidence.ts'
import type { Lease } from '../src/model/lease.ts'
import type { Subscriber } from '../src/model/subscriber.ts'
import { listedAddress } from './list.ts'

const entries = Number(process.argv[2])
const at = Date.now()
const customers = new Map<string, { subscriber: Subscriber; lease: Lease; decision: Decision }>()
const holders = new Map<string, string>()
for (let i = 0; i < entries; i++) {
  const id = `kd${i}`
  const address = listedAddress(i)
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
const list = new PublishedList(
  { realm: 'main', consumers: [], domains: [], widest: () => 2 ** 24 },
  {
    cases: {
      inForce: subject => [customers.get(subjectName(subject))?.decision ?? []].flat(),
      open: () => undefined,
      allInForce: () => Array.from(customers.values(), one => one.decision),
    },
    leases: {
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
    now: () => at,
    secret: 'bench',
  },
)
const before = used()
const began = performance.now()
list.refresh()
const seconds = (performance.now() - began) / 1000
if (list.size !== entries) throw new Error(`${list.size} entries, not ${entries}`)
const bytes = (used() - before) / entries
const settings = {
  zone: 'dnsbl.isp.example',
  nameServers: ['ns1.isp.example'],
  contact: 'postmaster.isp.example',
  ttl: 60,
  provider: 'ISP',
  clients: ['127.0.0.0/8'],
  perSecond: 10_000_000,
}
const place = { address: '127.0.0.1', port: 0 }
const { port } = await openDnsServer({ place, settings, listed: list, trouble: console.error })
console.log(JSON.stringify({ port, bytes, seconds }))

/** Bytes that are in use after all garbage is gone. */
function used(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.()
  const { heapUsed, arrayBuffers, external } = process.memoryUsage()
  return heapUsed + Math.max(arrayBuffers, external)
}
