// Rows of Kea's lease files (memfile, kea-leases4.csv and kea-leases6.csv) as leases. A row says what is true of an address from now
// on; the last one counts. What a lease has to do with a customer, a table of the operator's says: by the circuit or remote id of the
// relay (option 82; option 37 for IPv6), by client id or DUID, or by hardware address. Pure.

import { canonicalIp, formatPrefix, parsePrefix } from '../../model/ip.ts'
import { isTooWide } from '../../model/lease-prefix.ts'
import { KEA, type Lease, type LeaseChange, sameLease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import { relayIds } from './relay-ids.ts'

export type KeaRow = {
  readonly prefix: string
  /** What the customer may be known by, the surest first; small letters. */
  readonly keys: readonly string[]
  readonly from: number
  /** When it runs out, unless it is renewed; not after `from` when it was given back. */
  readonly until: number
}

/** Kea's name for "in use"; the others are declined and expired. */
const IN_USE = '0'
const PREFIX_DELEGATION = '2'

/** Reads a header line; undefined when it is not Kea's. */
export function columnsOf(line: string): ReadonlyMap<string, number> | undefined {
  const names = line.trim().split(',')
  if (names[0] !== 'address' || !names.includes('expire')) return undefined
  return new Map(names.map((name, i) => [name, i]))
}

/** Undefined for what is no whole row. Commas in values are written `&#x2c`. */
export function parseRow(line: string, columns: ReadonlyMap<string, number>): KeaRow | undefined {
  const cells = line
    .trim()
    .split(',')
    .map(cell => cell.replaceAll('&#x2c', ','))
  const cell = (name: string) => cells[columns.get(name) ?? -1] ?? ''
  const address = canonicalIp(cell('address'))
  const [lifetime, expire] = [Number(cell('valid_lifetime')), Number(cell('expire'))]
  if (address === undefined || !Number.isSafeInteger(lifetime) || !Number.isSafeInteger(expire))
    return undefined
  if (cell('expire') === '' || lifetime < 0 || expire <= 0) return undefined
  const full = address.includes(':') ? 128 : 32
  const delegated = cell('lease_type') === PREFIX_DELEGATION
  const prefix = parsePrefix(`${address}/${delegated ? cell('prefix_len') : full}`)
  if (!prefix || isTooWide(prefix)) return undefined
  const from = (expire - lifetime) * 1000
  const known = [...relayIds(cell('user_context')), cell('client_id'), cell('duid'), cell('hwaddr')]
  return {
    prefix: formatPrefix(prefix),
    keys: known.map(key => key.toLowerCase()).filter(key => key !== ''),
    from,
    until: cell('state') === IN_USE ? expire * 1000 : from,
  }
}

const UNKNOWN = -1

type OpenLease = { lease: Lease; until: number }
/** What the last row says of an address in use. */
type InUse = { readonly keys: readonly string[]; readonly from: number; until: number }

/** What the rows say so far, as leases that begin and end. */
export class KeaLeases {
  readonly #realm: string
  readonly #subscriberOf: (keys: readonly string[]) => string | undefined
  readonly #standing = new Map<string, OpenLease>()
  readonly #inUse = new Map<string, InUse>()
  /** Renewed here while another source's lease stood. */
  readonly #contradicted = new Set<string>()
  readonly #open: Leases['standing']

  constructor(
    realm: string,
    subscriberOf: (keys: readonly string[]) => string | undefined,
    open: Leases['standing'],
  ) {
    this.#realm = realm
    this.#subscriberOf = subscriberOf
    this.#open = open
  }

  /** Takes leases from before a restart; a lease that no row names any more has ended meanwhile. */
  restore(leases: Iterable<Lease>): void {
    for (const lease of leases)
      if (lease.to === undefined && lease.realm === this.#realm && lease.session?.nas === KEA)
        this.#standing.set(lease.prefix, { lease, until: UNKNOWN })
  }

  /** A row that has run out by `now` ends its lease. */
  hear({ prefix, keys, from, until }: KeaRow, now: number): readonly LeaseChange[] {
    const standing = this.#standing.get(prefix)
    const subscriber = this.#subscriberOf(keys)
    if (until <= from || until <= now) {
      this.#standing.delete(prefix)
      this.#inUse.delete(prefix)
      return standing ? [closed(standing, Math.min(until, now))] : []
    }
    this.#inUse.set(prefix, { keys, from, until })
    if (standing && standing.lease.subscriber === subscriber) {
      standing.until = until
      return this.#renewed(standing, from)
    }
    const changes: LeaseChange[] = standing ? [closed(standing, from)] : []
    this.#standing.delete(prefix)
    if (subscriber === undefined) return changes
    const [id = ''] = keys
    const session = { nas: KEA, id, user: id }
    const lease: Lease = { realm: this.#realm, prefix, subscriber, from, session }
    this.#standing.set(prefix, { lease, until })
    return [...changes, { kind: 'open', lease }]
  }

  /** A customer who renews a lease has it, whatever another source has said of that address. */
  #renewed(standing: OpenLease, from: number): readonly LeaseChange[] {
    const { lease } = standing
    const all = this.#open(this.#realm, lease.prefix)
    if (from <= lease.from || all.some(one => sameLease(one, lease))) return []
    if (all.length === 0) {
      standing.lease = { ...lease, from }
      return [{ kind: 'open', lease: standing.lease }]
    }
    if (all.every(one => one.subscriber === lease.subscriber)) return []
    this.#contradicted.add(lease.prefix)
    // An access server tells of its session again, or does not; other sources never do.
    return all.flatMap((one): readonly LeaseChange[] =>
      one.session === undefined || one.doubtFrom !== undefined || one.from > from
        ? []
        : [{ kind: 'open', lease: { ...one, doubtFrom: from } }],
    )
  }

  /** What was renewed while another source's lease stood, which is over now. */
  #left(now: number): readonly LeaseChange[] {
    return [...this.#contradicted].flatMap((prefix): readonly LeaseChange[] => {
      const standing = this.#standing.get(prefix)
      const all = this.#open(this.#realm, prefix)
      if (standing && all.some(one => one.subscriber !== standing.lease.subscriber)) return []
      this.#contradicted.delete(prefix)
      if (!standing || all.length > 0) return []
      standing.lease = { ...standing.lease, from: now }
      return [{ kind: 'open', lease: standing.lease }]
    })
  }

  /** Addresses that another source says another customer has. */
  contradicted(): readonly { readonly lease: Lease; readonly other: Lease }[] {
    return [...this.#contradicted].flatMap(prefix => {
      const lease = this.#standing.get(prefix)?.lease
      const other = this.#open(this.#realm, prefix).find(
        one => one.subscriber !== lease?.subscriber,
      )
      return lease && other ? [{ lease, other }] : []
    })
  }

  /** The operator's table has changed: a line may belong to another customer from now on. */
  remapped(now: number): readonly LeaseChange[] {
    const rows = [...this.#inUse]
    return rows.flatMap(([prefix, { keys, until }]) => {
      const standing = this.#standing.get(prefix)
      return standing?.lease.subscriber === this.#subscriberOf(keys)
        ? []
        : this.hear({ prefix, keys, from: now, until }, now)
    })
  }

  /** Ends leases that have run out; and, where `all` files have been read, those that no row names. */
  sweep(now: number, { all }: { readonly all: boolean }): readonly LeaseChange[] {
    const changes: LeaseChange[] = [...this.#left(now)]
    for (const [prefix, { until }] of this.#inUse) if (until <= now) this.#inUse.delete(prefix)
    for (const [prefix, standing] of this.#standing) {
      if (standing.until > now || (standing.until === UNKNOWN && !all)) continue
      this.#standing.delete(prefix)
      changes.push(closed(standing, standing.until === UNKNOWN ? now : standing.until))
    }
    return changes
  }
}

const closed = ({ lease }: OpenLease, at: number): LeaseChange => ({
  kind: 'close',
  lease: { ...lease, to: Math.max(at, lease.from) },
})
