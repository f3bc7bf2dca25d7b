// Our list with so many entries, answering on a free port: what the bench of the list asks. Prints its port, and what an entry costs.

import { openDnsServer } from '../src/doors/dns/server.ts'
import { listOf } from '../test/support/list-of.ts'
import { listedAddress } from './list.ts'

const entries = Number(process.argv[2])
const list = listOf(entries, listedAddress)
const before = used()
const began = performance.now()
await list.refreshAll()
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
