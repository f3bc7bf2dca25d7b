// Leases in memory: who has an address now, and who had it in the last days. Exact addresses and prefixes of
// any length; several subscribers behind one address are told apart by port.

import { DAY } from '../../model/duration.ts'
import { parsePrefix } from '../../model/ip.ts'
import { type Holder, holderAmong, type Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import {
  allIn,
  around,
  many,
  ofHost,
  type OneOrMany,
  read,
  type Realm,
  write,
} from './leases-by-prefix.ts'

/** Past leases are kept here this long, for events that come late; the ledger has the others. */
export const HISTORY = DAY

export type MemoryLeases = Leases & {
  all(): Iterable<Lease>
  /** From now on nobody is sure of leases for which this is true. */
  doubt(isDoubtful: (lease: Lease) => boolean): void
}

/** `skew`: by how much (ms) the clocks of those who tell may differ from ours. */
export function memoryLeases(initial: Iterable<Lease> = [], skew = 0): MemoryLeases {
  const realms = new Map<string, Realm>()
  const bySubscriber = new Map<string, OneOrMany>()
  let isDoubtful: (lease: Lease) => boolean = () => false
  const unlessDoubtful = (holder: Holder): Holder =>
    holder.lease && isDoubtful(holder.lease) ? { sure: 'ambiguous' } : holder
  const realmOf = (name: string): Realm => {
    const known = realms.get(name)
    if (known) return known
    const fresh: Realm = { hosts: new Map(), prefixes: { 4: [], 6: [] } }
    realms.set(name, fresh)
    return fresh
  }

  function open(lease: Lease): readonly Lease[] {
    const prefix = parsePrefix(lease.prefix)
    if (!prefix) throw new Error(`not a prefix: ${lease.prefix}`)
    const realm = realmOf(lease.realm)
    const standing = read(realm, prefix)
    const inTheWay = many(standing).filter(old => old.to === undefined && overlaps(old, lease))
    // News that comes late does not take an address from who has it since.
    const since = Math.min(...inTheWay.filter(old => old.from > lease.from).map(old => old.from))
    if (lease.to === undefined && Number.isFinite(since)) return open({ ...lease, to: since })
    // An address given anew ends what was there before, whether or not anybody said Stop.
    const ends = (old: Lease) => lease.to === undefined && inTheWay.includes(old)
    const ended = many(standing).filter(ends)
    const kept = many(standing)
      .filter(old => old.to === undefined || lease.from - old.to < HISTORY)
      .map(old => (ends(old) ? { ...old, to: lease.from } : old))
    for (const old of ended) forget(old)
    write(realm, prefix, kept.length === 0 ? lease : [lease, ...kept])
    if (lease.to === undefined) {
      const mine = bySubscriber.get(lease.subscriber)
      bySubscriber.set(lease.subscriber, mine === undefined ? lease : [...many(mine), lease])
    }
    return [...ended.map(old => ({ ...old, to: lease.from })), lease]
  }

  function forget(lease: Lease): void {
    const rest = many(bySubscriber.get(lease.subscriber)).filter(one => !same(one, lease))
    if (rest.length > 0) bySubscriber.set(lease.subscriber, rest)
    else bySubscriber.delete(lease.subscriber)
  }

  function close(lease: Lease, at: number): readonly Lease[] {
    const prefix = parsePrefix(lease.prefix)
    if (!prefix) return []
    const realm = realmOf(lease.realm)
    const standing = many(read(realm, prefix))
    const open = standing.find(one => one.to === undefined && same(one, lease))
    if (!open) return []
    const closed = { ...open, to: at }
    write(
      realm,
      prefix,
      standing.map(one => (one === open ? closed : one)),
    )
    forget(lease)
    return [closed]
  }

  function find(
    name: string,
    address: string,
    port: number | undefined,
    at: number | undefined,
  ): Holder {
    const realm = realms.get(name)
    for (const found of realm ? around(realm, address) : []) {
      const leases = many(found)
      const holder =
        at === undefined
          ? among(
              leases.filter(lease => lease.to === undefined),
              port,
            )
          : holderAmong(leases, { port, at, skew })
      if (holder.sure !== 'unknown') return holder
    }
    return { sure: 'unknown' }
  }

  for (const lease of initial) open(lease)
  return {
    open,
    close,
    holder: (realm, address, port) => {
      // The common case by far: one address, one lease, no arithmetic.
      const known = realms.get(realm)
      const only = known && ofHost(known, address)
      if (only && 'prefix' in only && only.to === undefined && !only.ports) {
        return unlessDoubtful({ sure: 'certain', subscriber: only.subscriber, lease: only })
      }
      return unlessDoubtful(find(realm, address, port, undefined))
    },
    holderAt: (realm, address, port, at) => unlessDoubtful(find(realm, address, port, at)),
    doubt: check => (isDoubtful = check),
    current: subscriber => many(bySubscriber.get(subscriber)),
    all: function* () {
      for (const realm of realms.values()) yield* allIn(realm)
    },
  }
}

/** One of several homes behind an address: certain only when the port says which. */
function among(leases: readonly Lease[], port: number | undefined): Holder {
  if (leases.length === 0) return { sure: 'unknown' }
  const whole = leases.find(lease => !lease.ports)
  if (whole) return { sure: 'certain', subscriber: whole.subscriber, lease: whole }
  if (port === undefined || port === 0) return { sure: 'ambiguous' }
  const mine = leases.filter(({ ports }) => ports && port >= ports[0] && port <= ports[1])
  const [only] = mine
  return mine.length === 1 && only
    ? { sure: 'certain', subscriber: only.subscriber, lease: only }
    : { sure: 'ambiguous' }
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
