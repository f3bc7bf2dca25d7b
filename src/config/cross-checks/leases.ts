// Leases: no address of two customers. A line is closed or isolated by its whole prefix, so that a lease inside of
// another's would be hit with it.

import { parsePrefix, type Prefix } from '../../model/ip.ts'
import type { Complaint } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'

export const leases = crossCheck(['leases'], config => overlaps(config.leases), { whole: [] })

type Lease = Config['leases'][number]
type Placed = Lease & { readonly i: number; readonly at: Prefix }

function* overlaps(all: readonly Lease[]): Iterable<Complaint> {
  const placed = all
    .map((lease, i): Placed => ({ ...lease, i, at: parsePrefix(lease.prefix) as Prefix }))
    .sort(inOrder)
  /** The prefixes around the one that is looked at, the widest first; of each the lease that was seen last. */
  let around: Placed[] = []
  for (const lease of placed) {
    around = around.filter(one => one.realm === lease.realm && holds(one.at, lease.at))
    const other = around.find(one => one.subscriber !== lease.subscriber && clash(one, lease))
    if (other) {
      const [first, second] = other.i < lease.i ? [other, lease] : [lease, other]
      yield {
        path: ['leases', second.i, 'prefix'],
        problem: `${second.prefix} of subscriber ${second.subscriber} overlaps ${first.prefix} of subscriber ${first.subscriber} (leases #${first.i + 1})`,
        advice: 'Give every address to one customer, or ports of it to each.',
      }
    }
    around = [...around.filter(one => !same(one.at, lease.at)), lease]
  }
}

/** Ports tell homes apart that share an address; inside of a wider lease they do not. */
const clash = (a: Placed, b: Placed) =>
  !same(a.at, b.at) || !a.ports || !b.ports || a.ports[1] >= b.ports[0]

const same = (a: Prefix, b: Prefix) => a.value === b.value && a.bits === b.bits

function holds(outer: Prefix, inner: Prefix): boolean {
  const drop = BigInt((outer.family === 4 ? 32 : 128) - outer.bits)
  return outer.family === inner.family && inner.value >> drop === outer.value >> drop
}

/** Wider prefixes stand before what is inside of them, and of one address the lower ports before the higher. */
function inOrder(a: Placed, b: Placed): number {
  if (a.realm !== b.realm) return a.realm < b.realm ? -1 : 1
  if (a.at.family !== b.at.family) return a.at.family - b.at.family
  if (a.at.value !== b.at.value) return a.at.value < b.at.value ? -1 : 1
  return a.at.bits - b.at.bits || (a.ports?.[0] ?? 0) - (b.ports?.[0] ?? 0) || a.i - b.i
}
