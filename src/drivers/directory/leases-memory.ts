// Leases in memory: which subscriber has an address now, and which had it in the last days. Exact addresses and prefixes of
// any length; several subscribers behind one address are told apart by port.

import { DAY } from '../../model/duration.ts'
import { parsePrefix, type Prefix } from '../../model/ip.ts'
import {
  type Holder,
  holderAmong,
  isMeant,
  isStranger,
  isTaken,
  type Lease,
  openingOf,
  sameLease,
} from '../../model/lease.ts'
import type { Between, Leases } from '../../ports/leases.ts'
import {
  allIn,
  around,
  inside,
  many,
  ofHost,
  outside,
  type OneOrMany,
  read,
  type Realm,
  write,
} from './leases-by-prefix.ts'
import { OrderedPrefixes } from './ordered-prefixes.ts'
import { isSameSession, TakenLeases, withoutTaken } from './taken-leases.ts'

/** Past leases are kept here this long, for events that come late; the ledger has the others. */
export const HISTORY = DAY

export type MemoryLeases = Leases & {
  all(): Iterable<Lease>
  /** From now on leases for which this is true are doubtful. */
  doubt(isDoubtful: (lease: Lease) => boolean): void
  /** Whether one of the calls of `doubt` says so. */
  isDoubtful(lease: Lease): boolean
}

type LeaseQuery = {
  readonly address: string
  readonly port: number | undefined
  readonly at: number | Between | undefined
}

/** `skew`: by how much (ms) the clocks of tellers may differ from ours. Without `now` no lease has begun in the future. */
export function memoryLeases(
  initial: Iterable<Lease> = [],
  skew = 0,
  now: () => number = () => Number.POSITIVE_INFINITY,
): MemoryLeases {
  const leases = new InMemory(skew, now)
  for (const lease of initial) leases.open(lease)
  return leases
}

class InMemory implements MemoryLeases {
  readonly #skew: number
  readonly #realms = new Map<string, Realm>()
  readonly #bySubscriber = new Map<string, OneOrMany>()
  readonly #taken = new TakenLeases()
  readonly #doubts: ((lease: Lease) => boolean)[] = []

  readonly #now: () => number

  constructor(skew: number, now: () => number) {
    this.#skew = skew
    this.#now = now
  }

  open(lease: Lease): readonly Lease[] {
    const prefix = parsePrefix(lease.prefix)
    if (!prefix) throw new Error(`not a prefix: ${lease.prefix}`)
    const realm = this.#realmOf(lease.realm)
    const standing = many(read(realm, prefix))
    const opening = lease.to === undefined && openingOf(standing.filter(isOpen), lease, this.#now())
    if (opening && opening.kind === 'again') return this.#replace(lease, { realm, prefix })
    // News that comes late does not take an address from the subscriber that has it since.
    if (opening && opening.kind === 'late')
      return this.open({ ...lease, to: Math.max(lease.from, Math.min(opening.since, this.#now())) })
    const ended = new Map(
      (opening ? opening.ends : []).map(old => {
        const taken = isTaken(old, lease) && { taken: true }
        const late = lease.begunBy !== undefined && { endedBy: lease.begunBy }
        return [old, { ...old, to: lease.from, ...late, ...taken }]
      }),
    )
    const kept = standing
      .filter(old => old.to === undefined || lease.from - old.to < HISTORY)
      .map(old => ended.get(old) ?? old)
    for (const old of ended.keys()) this.#forget(old)
    write(realm, prefix, kept.length === 0 ? lease : [lease, ...kept])
    for (const old of [...ended.values(), lease]) if (old.taken) this.#taken.add(old)
    // Its session has it again.
    const back = lease.to === undefined ? this.#untaken(lease, isSameSession) : []
    if (lease.to === undefined) {
      const mine = this.#bySubscriber.get(lease.subscriber)
      this.#bySubscriber.set(lease.subscriber, mine === undefined ? lease : [...many(mine), lease])
    }
    return [...ended.values(), ...back, lease]
  }

  close(lease: Lease, at: number): readonly Lease[] {
    const prefix = parsePrefix(lease.prefix)
    if (!prefix) return []
    const realm = this.#realmOf(lease.realm)
    const standing = many(read(realm, prefix))
    const open = standing.find(one => isOpen(one) && isMeant(lease, one))
    if (!open) return this.#untaken(lease, isMeant)
    const { skew, stopped, doubtFrom, endedBy } = lease
    const closed = {
      ...open,
      to: at,
      ...(skew && { skew }),
      ...(stopped && { stopped }),
      ...(doubtFrom !== undefined && { doubtFrom }),
      ...(endedBy !== undefined && { endedBy }),
    }
    write(
      realm,
      prefix,
      standing.map(one => (one === open ? closed : one)),
    )
    this.#forget(open)
    return [closed]
  }

  taken(subscriber: string): readonly Lease[] {
    return this.#taken.of(subscriber)
  }

  /** What another has taken, and `lease` says that its session has it no longer, or has it again. */
  #untaken(lease: Lease, isIt: (lease: Lease, taken: Lease) => boolean): readonly Lease[] {
    const over = this.#taken
      .take(lease, isIt)
      .map(one => ({ was: one, now: withoutTaken(one, lease) }))
    const prefix = over.length > 0 && parsePrefix(lease.prefix)
    if (!prefix) return []
    const realm = this.#realmOf(lease.realm)
    const nowOf = (one: Lease) => over.find(({ was }) => was === one)?.now ?? one
    write(realm, prefix, many(read(realm, prefix)).map(nowOf))
    return over.map(({ now }) => now)
  }

  standing(name: string, text: string): readonly Lease[] {
    const [realm, prefix] = [this.#realms.get(name), parsePrefix(text)]
    return realm && prefix ? many(read(realm, prefix)).filter(isOpen) : []
  }

  within(name: string, text: string): readonly Lease[] {
    const [realm, prefix] = [this.#realms.get(name), parsePrefix(text)]
    return realm && prefix ? inside(realm, prefix).flatMap(many).filter(isOpen) : []
  }

  around(name: string, text: string): readonly Lease[] {
    const [realm, prefix] = [this.#realms.get(name), parsePrefix(text)]
    return realm && prefix ? outside(realm, prefix).flatMap(many).filter(isOpen) : []
  }

  begunSince(name: string, text: string, at: number): readonly Lease[] {
    const [realm, prefix] = [this.#realms.get(name), parsePrefix(text)]
    return realm && prefix ? many(read(realm, prefix)).filter(({ from }) => from > at) : []
  }

  #replace(lease: Lease, { realm, prefix }: { realm: Realm; prefix: Prefix }): readonly Lease[] {
    const put = (old: Lease) => (isOpen(old) && sameLease(old, lease) ? lease : old)
    write(realm, prefix, many(read(realm, prefix)).map(put))
    this.#bySubscriber.set(
      lease.subscriber,
      many(this.#bySubscriber.get(lease.subscriber)).map(put),
    )
    return [lease]
  }

  holder(name: string, address: string, port?: number): Holder {
    // The common case by far: one address, one lease, no arithmetic.
    const realm = this.#realms.get(name)
    const only = realm && ofHost(realm, address)
    if (only && 'prefix' in only && only.to === undefined && !only.ports && !only.doubtFrom)
      return this.#unlessDoubtful({ sure: 'certain', subscriber: only.subscriber, lease: only })
    return this.#unlessDoubtful(this.#find(realm, { address, port, at: undefined }))
  }

  holderAt(name: string, address: string, port: number | undefined, at: number | Between): Holder {
    return this.#unlessDoubtful(this.#find(this.#realms.get(name), { address, port, at }), at)
  }

  doubt(isDoubtful: (lease: Lease) => boolean): void {
    this.#doubts.push(isDoubtful)
  }

  isDoubtful(lease: Lease): boolean {
    return this.#doubts.some(isDoubtful => isDoubtful(lease))
  }

  current(subscriber: string): readonly Lease[] {
    return many(this.#bySubscriber.get(subscriber))
  }

  *all(): Generator<Lease> {
    for (const realm of this.#realms.values()) yield* allIn(realm)
  }

  /** The holder now, or `at` a time: by the narrowest prefix around it of which that is known. */
  #find(realm: Realm | undefined, { address, port, at }: LeaseQuery): Holder {
    for (const found of realm ? around(realm, address) : []) {
      const leases = many(found)
      const holder =
        at === undefined
          ? among(
              leases.filter(lease => lease.to === undefined),
              port,
            )
          : holderAmong(leases, {
              port,
              ...(typeof at === 'number' ? { at } : at),
              skew: this.#skew,
            })
      if (holder.sure !== 'unknown') return holder
    }
    return { sure: 'unknown' }
  }

  #realmOf(name: string): Realm {
    const known = this.#realms.get(name)
    if (known) return known
    const fresh: Realm = {
      hosts: new Map(),
      prefixes: { 4: [], 6: [] },
      ordered: new OrderedPrefixes(),
    }
    this.#realms.set(name, fresh)
    return fresh
  }

  #forget(lease: Lease): void {
    const rest = many(this.#bySubscriber.get(lease.subscriber)).filter(
      one => !sameLease(one, lease),
    )
    if (rest.length > 0) this.#bySubscriber.set(lease.subscriber, rest)
    else this.#bySubscriber.delete(lease.subscriber)
  }

  /** What a NAT gave to an inside address is its holder's, whichever subscriber it was given for. */
  #unlessDoubtful(holder: Holder, at?: number | Between): Holder {
    const { lease } = holder
    if (!lease) return holder
    if (isStranger(lease)) return NONE
    if (this.isDoubtful(lease)) return AMBIGUOUS
    if (!lease.inside) return holder
    const { realm, address } = lease.inside
    const behind =
      at === undefined ? this.holder(realm, address) : this.holderAt(realm, address, undefined, at)
    return behind.sure === 'certain' && behind.subscriber === lease.subscriber ? holder : AMBIGUOUS
  }
}

const NONE: Holder = Object.freeze({ sure: 'unknown' })
const AMBIGUOUS: Holder = Object.freeze({ sure: 'ambiguous' })

/** One of several homes behind an address: certain only when the port says which. */
function among(leases: readonly Lease[], port: number | undefined): Holder {
  if (leases.length === 0) return { sure: 'unknown' }
  const whole = leases.find(lease => !lease.ports)
  if (whole?.doubtFrom !== undefined) return AMBIGUOUS
  if (whole) return { sure: 'certain', subscriber: whole.subscriber, lease: whole }
  if (port === undefined || port === 0) return { sure: 'ambiguous' }
  const mine = leases.filter(({ ports }) => ports && port >= ports[0] && port <= ports[1])
  const [only] = mine
  return mine.length === 1 && only && only.doubtFrom === undefined
    ? { sure: 'certain', subscriber: only.subscriber, lease: only }
    : { sure: 'ambiguous' }
}

const isOpen = ({ to }: Lease): boolean => to === undefined
