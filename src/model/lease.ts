// Which subscriber had which address, when. The ground on which every event is attributed.

import { HOUR } from './duration.ts'
import { textKey } from './text-key.ts'

/** The name of an address space; it is part of lists, orders and keys, so it has no spaces. */
export const isRealm = (text: string): boolean => /^[^\s\p{Cc}]{1,64}$/u.test(text)

/** By so much (ms; as `leaseSkew` at most) a lease may begin after now: the clock of its teller is ahead. What is more is a mistake. */
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
  /** The attribute of accounting that it came from; of one that an earlier Cordon has written it is known when an update names it. */
  readonly framed?: AddressKind
  /** What the customer is known by in accounting, where that is not the User-Name: the attribute, and what stood in it. */
  readonly knownBy?: { readonly attribute: string; readonly value: string }
  /** It may have begun by so much earlier (ms), and ended: the clock of its teller is not settled. */
  readonly skew?: number
  /** It had begun by then, and may have begun at any time since `from`: what told of it waited, or the clock of its teller was put back. */
  readonly begunBy?: number
  /** Likewise it had ended by then, and may have been over since `to`. */
  readonly endedBy?: number
  /** From then on it is doubtful whether it is still true: another session claims it, or the log of its NAT has a gap. */
  readonly doubtFrom?: number
  /** A Stop of its session came then, whose stamp is older than what the session told before. */
  readonly leftBy?: number
  /** A customer who was told to have it in news that came late, which take it from none. */
  readonly claimedBy?: string
  /** Its session said that it is over; what comes of it later changes nothing. */
  readonly stopped?: boolean
  /** It ended because another access server told of another customer there; its own has told of no end of its session. */
  readonly taken?: boolean
  /** The address behind a NAT that has these ports: the holder of that address has these ports, and no other subscriber. */
  readonly inside?: { readonly realm: string; readonly address: string }
}

/** Attributes of accounting: an update that names one names all that the session has of it. */
export type AddressKind = 'address4' | 'route4' | 'address6' | 'prefix6' | 'delegated6' | 'route6'

/** As its access server knows it (RADIUS), or the DHCP server: there `nas` is its name, and the others what the line is known by. */
export type AccessSession = {
  /** Address or name of the access server. */
  readonly nas: string
  /** Acct-Session-Id. */
  readonly id: string
  /** User-Name. */
  readonly user: string
  /** The client that told of it, where the configuration names none for an access server with that address: several may have it. */
  readonly teller?: string
}

/** What the DHCP server is called in the sessions of its leases. */
export const KEA = 'kea'

const NO_CUSTOMER = 'no customer: '
/** The holder of the addresses of a user who is no customer: they are no customer's, whatever lies around them. */
export const strangerNamed = (user: string): string => NO_CUSTOMER + user
export const isStranger = ({ subscriber }: Pick<Lease, 'subscriber'>): boolean =>
  subscriber.startsWith(NO_CUSTOMER)

/** A lease begins, or ends at its `to`. */
export type LeaseChange = { readonly kind: 'open' | 'close'; readonly lease: Lease }

/** How sure it is which subscriber it was. Only `certain` may ever lead to enforcement. */
export type Sureness = 'certain' | 'ambiguous' | 'unknown'

/** Answer to "which subscriber had this address and port then?". */
export type Holder = {
  readonly sure: Sureness
  readonly subscriber?: string
  readonly lease?: Lease
}

/** The origin of an event: as much of it as is known. Recorded in every event, so that replay need not ask. */
export type Who = {
  readonly realm: string
  readonly address: string
  readonly port?: number
  readonly login?: string
  readonly subscriber?: string
  readonly sure: Sureness
  /** As in `Client` (model/step.ts). */
  readonly crowd?: true
  /** It may have been as early as this: the clock of its teller is not settled, or it was long under way. */
  readonly since?: number
}

/** Which session a lease came with, as one text; empty where no teller told of one. */
export const sessionText = ({ session }: Pick<Lease, 'session'>): string => {
  if (!session) return ''
  const { nas, id, teller } = session
  return teller === undefined ? textKey(nas, id) : textKey(nas, id, teller)
}

/** Whether two are the same: told by one teller of one session that began then. */
export const sameLease = (a: Lease, b: Lease): boolean =>
  a.from === b.from &&
  a.realm === b.realm &&
  a.prefix === b.prefix &&
  a.subscriber === b.subscriber &&
  a.ports?.[0] === b.ports?.[0] &&
  sessionText(a) === sessionText(b)

/** Whether two shares of one prefix have a port in common. */
export function overlap(a: Pick<Lease, 'ports'>, b: Pick<Lease, 'ports'>): boolean {
  if (!a.ports || !b.ports) return true
  return a.ports[0] <= b.ports[1] && b.ports[0] <= a.ports[1]
}

/**
 * Whether `old` is newer than what is told of now. No teller tells of the future: a lease that begins there was told when our clock was
 * ahead, and what is told of now is newer. It ends when the newer one begins, before its own beginning: so it is theirs at no time that is
 * still to come.
 */
export const isSince = (old: Lease, lease: Lease, now: number): boolean =>
  old.from > lease.from && !(old.from > now && lease.from > now - MAX_AHEAD)

/** What a lease that is told, and has no end, does to those that are open at its prefix. */
export type Opening =
  /** It is told once more. */
  | { readonly kind: 'again' }
  /** News that comes late: from `since` on others have the prefix. */
  | { readonly kind: 'late'; readonly since: number }
  /** What is in its way ends, whether or not an access server said Stop. */
  | { readonly kind: 'new'; readonly ends: readonly Lease[] }

export function openingOf(open: readonly Lease[], lease: Lease, now: number): Opening {
  if (open.some(old => sameLease(old, lease))) return { kind: 'again' }
  const inTheWay = open.filter(old => overlap(old, lease))
  const newer = inTheWay.filter(old => isSince(old, lease, now)).map(old => old.from)
  return newer.length > 0
    ? { kind: 'late', since: Math.min(...newer) }
    : { kind: 'new', ends: inTheWay }
}

/**
 * Whether the session of what ends by this may go on: another access server tells of another customer there, or this one of two users who have one
 * number. One that gives the address to another session itself has ended the former one.
 */
export function isTaken(old: Lease, { session, subscriber }: Lease): boolean {
  const mine = old.session
  if (!mine || !session || mine.nas === KEA || old.subscriber === subscriber) return false
  return mine.nas !== session.nas || mine.teller !== session.teller || mine.id === session.id
}

/** Whether `open` is what a teller says has ended; staff and other systems know of no sessions. */
export function isMeant(lease: Lease, open: Lease): boolean {
  if (lease.session) return sameLease(lease, open)
  return lease.subscriber === open.subscriber && lease.ports?.[0] === open.ports?.[0]
}

/** The question which subscriber had it then, or at some time between `since` and then. */
export type HolderAsked = {
  readonly port: number | undefined
  readonly at: number
  readonly since?: number | undefined
  /** By so much (ms) clocks may differ. */
  readonly skew: number
}

/**
 * The holder among those that held one address then, of whom several may share it by port. Within `skew` of a change of hands it may be
 * either; so where the change itself is not known so exactly.
 */
export function holderAmong(leases: readonly Lease[], asked: HolderAsked): Holder {
  const { port, at, skew } = asked
  const since = Math.min(at, asked.since ?? at)
  const mayBe = leases.filter(
    ({ from, to, endedBy, ports, skew: unsettled = 0 }) =>
      from - unsettled - skew <= at &&
      since < (endedBy ?? to ?? Number.POSITIVE_INFINITY) + skew &&
      (!ports || !port || (port >= ports[0] && port <= ports[1])),
  )
  const holds = ({ from, to }: Lease) => from <= at && at < (to ?? Number.POSITIVE_INFINITY)
  const lease = mayBe.find(holds)
  if (!lease) return { sure: mayBe.length > 0 ? 'ambiguous' : 'unknown' }
  if (lease.begunBy !== undefined && at < lease.begunBy) return { sure: 'ambiguous' }
  // Of a shared address without a port it cannot be told.
  const told = !lease.ports || (port !== undefined && port !== 0)
  const only = mayBe.every(
    ({ subscriber, doubtFrom = Number.POSITIVE_INFINITY }) =>
      subscriber === lease.subscriber && at < doubtFrom,
  )
  return told && only
    ? { sure: 'certain', subscriber: lease.subscriber, lease }
    : { sure: 'ambiguous' }
}
