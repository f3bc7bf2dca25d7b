// Leases by the address or the prefix they are for, in a form that is found again with little arithmetic: most addresses looked for
// are those of strangers, which have no lease.

import { number4, parseIp, type Prefix } from '../../model/ip.ts'
import type { Lease } from '../../model/lease.ts'
import { OrderedPrefixes } from './ordered-prefixes.ts'

/** Most addresses have one lease and most subscribers one address: an array for each would cost more than the lease. */
export type OneOrMany = Lease | readonly Lease[]
export type Realm = {
  /** Single IPv4 addresses, as 32-bit integers. */
  readonly hosts: Map<number, OneOrMany>
  /** All other prefixes by length, the longest first, as a look-up searches them. */
  readonly prefixes: { readonly 4: OfOneLength[]; readonly 6: OfOneLength[] }
  /** All IPv6 prefixes, also those whose leases have ended. */
  readonly ordered: OrderedPrefixes
}
/** Leases of prefixes of so many bits, by `keyOf`: `drop` are the other bits. */
type OfOneLength = {
  readonly bits: number
  readonly drop: bigint
  readonly leases: Map<bigint, OneOrMany>
}
/** An odd number whose bits are spread (2^64 divided by the golden ratio). */
const SPREAD = 0x9e3779b97f4a7c15n

/**
 * The bits of a prefix. A Map finds a bigint by its last 64 bits alone, and a hundred thousand homes may all have `::1` there: so what stands
 * before them is mixed in.
 */
function keyOf(value: bigint, drop: bigint): bigint {
  const bits = value >> drop
  const high = bits >> 64n
  return high === 0n ? bits : (high << 64n) | BigInt.asUintN(64, bits ^ (high * SPREAD))
}

export function many(found: OneOrMany | undefined): readonly Lease[] {
  if (found === undefined) return []
  return 'prefix' in found ? [found] : found
}

/** What there is about a single IPv4 address. */
export function ofHost({ hosts }: Realm, address: string): OneOrMany | undefined {
  const host = number4(address)
  return host < 0 ? undefined : hosts.get(host | 0)
}

/** What there is about an address: about itself first, then about ever larger prefixes that it is in. */
export function around(realm: Realm, address: string): OneOrMany[] {
  const own = ofHost(realm, address)
  const found = own ? [own] : []
  const host = number4(address)
  const lengths = realm.prefixes[host < 0 ? 6 : 4]
  if (lengths.length === 0) return found
  const value = host < 0 ? parseIp(address)?.value : BigInt(host)
  if (value === undefined) return found
  for (const { drop, leases } of lengths) {
    const more = leases.get(keyOf(value, drop))
    if (more) found.push(more)
  }
  return found
}

/** What there is about wider prefixes around this one. */
export function outside({ prefixes }: Realm, { family, bits, value }: Prefix): OneOrMany[] {
  return prefixes[family].flatMap(one => {
    const found = one.bits < bits && one.leases.get(keyOf(value, one.drop))
    return found ? [found] : []
  })
}

/** What there is about narrower prefixes in this one. */
export function inside(realm: Realm, prefix: Prefix): OneOrMany[] {
  const { hosts, prefixes } = realm
  if (prefix.family === 6) return inside6(realm, prefix)
  const found: OneOrMany[] = []
  const first = (drop: bigint) => prefix.value >> drop
  if (prefix.bits < 32)
    found.push(...between(hosts, { first: prefix.value, more: 32 - prefix.bits, key: hostOf }))
  for (const { bits, drop, leases } of prefixes[4])
    if (bits > prefix.bits)
      found.push(
        ...between(leases, { first: first(drop), more: bits - prefix.bits, key: one => one }),
      )
  return found
}

function inside6({ ordered, prefixes }: Realm, prefix: Prefix): OneOrMany[] {
  if (!prefixes[6].some(({ bits }) => bits > prefix.bits)) return []
  const found: OneOrMany[] = []
  const end = prefix.value + (1n << BigInt(128 - prefix.bits))
  for (const { value, bits } of ordered.between(prefix.value, end)) {
    const same = bits > prefix.bits && prefixes[6].find(one => one.bits === bits)
    const there = same && same.leases.get(keyOf(value, same.drop))
    if (there) found.push(there)
  }
  return found
}

const hostOf = (value: bigint) => Number(value) | 0

type Between<K> = {
  readonly first: bigint
  /** Bits that they have beyond the prefix. */
  readonly more: number
  readonly key: (value: bigint) => K
}

/** By asking for each that there may be, or by looking at all there are: whichever is less. */
function between<K extends bigint | number>(
  leases: ReadonlyMap<K, OneOrMany>,
  { first, more, key }: Between<K>,
): readonly OneOrMany[] {
  const many = 1n << BigInt(more)
  if (many > leases.size)
    return Array.from(leases).flatMap(([at, found]) => {
      const value = typeof at === 'number' ? BigInt(at >>> 0) : at
      return value >= first && value < first + many ? [found] : []
    })
  const found: OneOrMany[] = []
  for (let value = first; value < first + many; value++) found.push(leases.get(key(value)) ?? [])
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
  return same?.leases.get(keyOf(prefix.value, same.drop))
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
  const key = keyOf(prefix.value, same.drop)
  if (prefix.family === 6 && !same.leases.has(key)) realm.ordered.add(prefix.value, prefix.bits)
  same.leases.set(key, leases)
  return undefined
}

const isHost = (prefix: Prefix) => prefix.family === 4 && prefix.bits === 32
