// Which subscriber had which address, when. The ground on which every event is attributed.

import { HOUR } from './duration.ts'

/** By so much (ms; as `leaseSkew` at most) a lease may begin after now: the clock of who tells is ahead. What is more is a mistake. */
export const MAX_AHEAD = HOUR

export type Lease = {
  /** The address space this is true in; carrier-grade NAT repeats inside addresses per gateway. */
  readonly realm: string
  /** `192.0.2.7/32`, `2001:db8:17::/56`: canonical prefix text. */
  readonly prefix: string
  /** First and last port of the share, when several subscribers are behind one address. */
  readonly ports?: readonly [number, number]
  readonly subscriber: string
  readonly from: number
  readonly to?: number
  /** The session at an access server that it came with, where one told of it. */
  readonly session?: AccessSession
}

/** As its access server knows it (RADIUS), or the DHCP server: there `nas` is its name, and the others what the line is known by. */
export type AccessSession = {
  /** Address or name of the access server. */
  readonly nas: string
  /** Acct-Session-Id. */
  readonly id: string
  /** User-Name. */
  readonly user: string
}

/** A lease begins, or ends at its `to`. */
export type LeaseChange = { readonly kind: 'open' | 'close'; readonly lease: Lease }

/** How sure we are who it was. Only `certain` may ever lead to enforcement. */
export type Sureness = 'certain' | 'ambiguous' | 'unknown'

/** Answer to "who had this address and port then?". */
export type Holder = {
  readonly sure: Sureness
  readonly subscriber?: string
  readonly lease?: Lease
}

/** Who did something: as much of it as is known. Recorded in every event, so that replay need not ask. */
export type Who = {
  readonly realm: string
  readonly address: string
  readonly port?: number
  readonly login?: string
  readonly subscriber?: string
  readonly sure: Sureness
}

/**
 * Who of those that held one address then, of whom several may share it by port. Within `skew` of a change of hands it may have been
 * either.
 */
export function holderAmong(
  leases: readonly Lease[],
  {
    port,
    at,
    skew,
  }: { readonly port: number | undefined; readonly at: number; readonly skew: number },
): Holder {
  const mayBe = leases.filter(
    ({ from, to, ports }) =>
      from - skew <= at &&
      at < (to ?? Number.POSITIVE_INFINITY) + skew &&
      (!ports || !port || (port >= ports[0] && port <= ports[1])),
  )
  const holds = ({ from, to }: Lease) => from <= at && at < (to ?? Number.POSITIVE_INFINITY)
  const lease = mayBe.find(holds)
  if (!lease) return { sure: mayBe.length > 0 ? 'ambiguous' : 'unknown' }
  // Of a shared address without a port nobody can tell.
  const told = !lease.ports || (port !== undefined && port !== 0)
  const only = mayBe.every(({ subscriber }) => subscriber === lease.subscriber)
  return told && only
    ? { sure: 'certain', subscriber: lease.subscriber, lease }
    : { sure: 'ambiguous' }
}
