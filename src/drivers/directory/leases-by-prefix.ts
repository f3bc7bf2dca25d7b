// Leases by the address or the prefix they are for, in a form that is found again with little arithmetic: most who are looked for
// are strangers, and nothing is to be found of them.

import { parseIp, type Prefix } from '../../model/ip.ts'
import type { Lease } from '../../model/lease.ts'

/** Most addresses have one lease and most subscribers one address: an array for each would cost more than the lease. */
export type OneOrMany = Lease | readonly Lease[]
export type Realm = {
  /** Single IPv4 addresses, as 32-bit integers. */
  readonly hosts: Map<number, OneOrMany>
  /** All else, the longest first: what a look-up tries. */
  readonly prefixes: { readonly 4: OfOneLength[]; readonly 6: OfOneLength[] }
}
/** Leases of prefixes of so many bits, by these bits: `drop` are the others. */
type OfOneLength = {
  readonly bits: number
  readonly drop: bigint
  readonly leases: Map<bigint, OneOrMany>
}
export function many(found: OneOrMany | undefined): readonly Lease[] {
  if (found === undefined) return []
  return 'prefix' in found ? [found] : found
}

/** What there is about an address: about itself first, then about ever larger prefixes that it is in. */
export function around({ hosts, prefixes }: Realm, address: string): OneOrMany[] {
  const host = hostNumber(address)
  const own = host === undefined ? undefined : hosts.get(host)
  const found = own ? [own] : []
  const lengths = prefixes[host === undefined ? 6 : 4]
  if (lengths.length === 0) return found
  const value = host === undefined ? parseIp(address)?.value : BigInt(host >>> 0)
  if (value === undefined) return found
  for (const { drop, leases } of lengths) {
    const more = leases.get(value >> drop)
    if (more) found.push(more)
  }
  return found
}

export function* allIn({ hosts, prefixes }: Realm): Iterable<Lease> {
  for (const leases of hosts.values()) yield* many(leases)
  for (const { leases } of [...prefixes[4], ...prefixes[6]])
    for (const some of leases.values()) yield* many(some)
}

export function read(realm: Realm, prefix: Prefix): OneOrMany | undefined {
  if (isHost(prefix)) return realm.hosts.get(Number(prefix.value) | 0)
  const same = realm.prefixes[prefix.family].find(({ bits }) => bits === prefix.bits)
  return same?.leases.get(prefix.value >> same.drop)
}

export function write(realm: Realm, prefix: Prefix, leases: OneOrMany): void {
  if (isHost(prefix)) return void realm.hosts.set(Number(prefix.value) | 0, leases)
  const lengths = realm.prefixes[prefix.family]
  let same = lengths.find(({ bits }) => bits === prefix.bits)
  if (!same) {
    const drop = BigInt((prefix.family === 4 ? 32 : 128) - prefix.bits)
    same = { bits: prefix.bits, drop, leases: new Map() }
    lengths.push(same)
    lengths.sort((a, b) => b.bits - a.bits)
  }
  same.leases.set(prefix.value >> same.drop, leases)
  return undefined
}

const isHost = (prefix: Prefix) => prefix.family === 4 && prefix.bits === 32

/** A canonical IPv4 address as a 32-bit integer, without the cost of parsing it fully; undefined when it is none. */
export function hostNumber(address: string): number | undefined {
  let value = 0
  let part = 0
  let dots = 0
  for (let i = 0; i < address.length; i++) {
    const c = address.charCodeAt(i)
    if (c === 46) {
      value = (value << 8) | part
      part = 0
      dots++
    } else if (c >= 48 && c <= 57) part = part * 10 + c - 48
    else return undefined
    if (part > 255) return undefined
  }
  return dots === 3 ? (value << 8) | part : undefined
}
