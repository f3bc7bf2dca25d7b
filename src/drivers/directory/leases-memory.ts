// Leases in memory: who has an address now, and who had it in the last days. Exact addresses and prefixes of
// any length; several subscribers behind one address are told apart by port.

import { DAY } from '../../model/duration.ts'
import { contains, formatPrefix, parseIp, parsePrefix } from '../../model/ip.ts'
import type { Holder, Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'

/** Past leases are kept this long, for events that come late. */
const HISTORY = 7 * DAY

export type MemoryLeases = Leases & { all(): Iterable<Lease> }

export function memoryLeases(initial: Iterable<Lease> = []): MemoryLeases {
  /** `realm prefix` -> leases, newest first. */
  const byPrefix = new Map<string, Lease[]>()
  const bySubscriber = new Map<string, Lease[]>()
  /** Prefix lengths in use, longest first: what a look-up tries. */
  const lengths: { 4: Set<number>; 6: Set<number> } = { 4: new Set(), 6: new Set() }

  function open(lease: Lease): void {
    const prefix = parsePrefix(lease.prefix)
    if (!prefix) throw new Error(`not a prefix: ${lease.prefix}`)
    lengths[prefix.family].add(prefix.bits)
    const key = `${lease.realm} ${formatPrefix(prefix)}`
    const standing = byPrefix.get(key) ?? []
    const kept = standing
      .filter(old => old.to === undefined || lease.from - old.to < HISTORY)
      // An address given anew ends what was there before, whether or not anybody said Stop.
      .map(old => (old.to === undefined && overlaps(old, lease) ? { ...old, to: lease.from } : old))
    for (const old of standing) if (old.to === undefined && overlaps(old, lease)) forget(old)
    byPrefix.set(key, [lease, ...kept])
    if (lease.to === undefined)
      bySubscriber.set(lease.subscriber, [...(bySubscriber.get(lease.subscriber) ?? []), lease])
  }

  function forget(lease: Lease): void {
    const rest = (bySubscriber.get(lease.subscriber) ?? []).filter(one => !same(one, lease))
    if (rest.length > 0) bySubscriber.set(lease.subscriber, rest)
    else bySubscriber.delete(lease.subscriber)
  }

  function close(lease: Lease, at: number): void {
    const prefix = parsePrefix(lease.prefix)
    const standing = prefix && byPrefix.get(`${lease.realm} ${formatPrefix(prefix)}`)
    const index = standing?.findIndex(one => one.to === undefined && same(one, lease)) ?? -1
    if (!standing || index < 0) return
    standing[index] = { ...(standing[index] as Lease), to: at }
    forget(lease)
  }

  function find(
    realm: string,
    address: string,
    port: number | undefined,
    at: number | undefined,
  ): Holder {
    const ip = parseIp(address)
    if (!ip) return { sure: 'unknown' }
    for (const bits of [...lengths[ip.family]].sort((a, b) => b - a)) {
      const prefix = parsePrefix(`${address}/${bits}`)
      if (!prefix || !contains(prefix, ip)) continue
      const leases = (byPrefix.get(`${realm} ${formatPrefix(prefix)}`) ?? []).filter(lease =>
        holdsAt(lease, at),
      )
      if (leases.length > 0) return among(leases, port)
    }
    return { sure: 'unknown' }
  }

  for (const lease of initial) open(lease)
  return {
    open,
    close,
    holder: (realm, address, port) => {
      // The common case by far: one address, one lease, no arithmetic.
      const exact =
        lengths[4].has(32) && !address.includes(':')
          ? byPrefix.get(`${realm} ${address}/32`)
          : undefined
      const only = exact?.[0]
      if (only && exact.length === 1 && only.to === undefined && !only.ports) {
        return { sure: 'certain', subscriber: only.subscriber, lease: only }
      }
      return find(realm, address, port, undefined)
    },
    holderAt: find,
    current: subscriber => bySubscriber.get(subscriber) ?? [],
    all: function* () {
      for (const leases of byPrefix.values()) yield* leases
    },
  }
}

/** One of several homes behind an address: certain only when the port says which. */
function among(leases: readonly Lease[], port: number | undefined): Holder {
  const whole = leases.find(lease => !lease.ports)
  if (whole) return { sure: 'certain', subscriber: whole.subscriber, lease: whole }
  if (port === undefined || port === 0) return { sure: 'ambiguous' }
  const mine = leases.filter(({ ports }) => ports && port >= ports[0] && port <= ports[1])
  const [only] = mine
  return mine.length === 1 && only
    ? { sure: 'certain', subscriber: only.subscriber, lease: only }
    : { sure: 'ambiguous' }
}

function holdsAt(lease: Lease, at: number | undefined): boolean {
  if (at === undefined) return lease.to === undefined
  return lease.from <= at && (lease.to === undefined || at < lease.to)
}

function overlaps(a: Lease, b: Lease): boolean {
  if (!a.ports || !b.ports) return true
  return a.ports[0] <= b.ports[1] && b.ports[0] <= a.ports[1]
}

function same(a: Lease, b: Lease): boolean {
  return (
    a.realm === b.realm &&
    a.prefix === b.prefix &&
    a.subscriber === b.subscriber &&
    a.ports?.[0] === b.ports?.[0]
  )
}
