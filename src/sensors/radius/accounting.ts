// An accounting request (RFC 2866) as what it says of a session: user, access server, addresses, and since when. Pure.

import { SECOND } from '../../model/duration.ts'
import { formatIp, formatPrefix, parseIp, parsePrefix } from '../../model/ip.ts'
import type { AddressKind } from '../../model/lease.ts'
import { isTooWide } from '../../model/lease-prefix.ts'
import { ATTRIBUTES, type Attribute, type RadiusPacket } from '../../wire/radius.ts'

export type AccountingStatus = 'start' | 'stop' | 'interim' | 'nas-on' | 'nas-off'

/** Stamps and delays are told in whole seconds: which of two events of one second was first, they do not tell (ms). */
export const WHOLE_SECOND = 1000

export type Framed = { readonly prefix: string; readonly kind: AddressKind }

export type AccountingRecord = {
  readonly status: AccountingStatus
  /** The access server, by the name or address it gives itself. */
  readonly nas: string
  /** Address space of the addresses. */
  readonly realm: string
  /** Acct-Session-Id; user and address where there is none. Empty where there is nothing to tell sessions apart by. */
  readonly session: string
  readonly user: string
  /** What subscribers are known by: User-Name, Class, Calling-Station-Id or the line. */
  readonly subscriber: string
  /** Addresses and prefixes, in one spelling. */
  readonly framed: readonly Framed[]
  /** When it happened, by the clock of the access server (ms). */
  readonly stamp?: number
  /** How long the access server tried to send the record (ms, Acct-Delay-Time). */
  readonly delay: number
}

/** A record in our time. */
export type SessionNews = Omit<AccountingRecord, 'delay'> & {
  /** When it happened, at the latest. */
  readonly at: number
  /** It may have been earlier by so much (ms). */
  readonly skew?: number
  /** It was under way so long (ms), or its sender's clock has jumped. */
  readonly late?: number
  /** It may have happened as late as this, when that is later than `at`: its clock may have been put back. */
  readonly latest?: number
  /** The client that tells of it, where the configuration names none for that address: two of them are not known to tell of one. */
  readonly teller?: string
  /** The clock of its access server is another one since it began anew, and not known yet. */
  readonly otherClock?: boolean
}

/** ms. An access server tells again, and asks another RADIUS server, for so long; what comes later has waited in a spool. */
const TOLD_WITHIN = 30 * SECOND
/** It was under way so long that others may have had the address since, whose news are still to come. */
export const isOldNews = ({ late = 0 }: Pick<SessionNews, 'late'>): boolean => late > TOLD_WITHIN

export type SubscriberAttribute =
  | 'user-name'
  | 'class'
  | 'calling-station-id'
  | 'nas-port-id'
  | 'circuit-id'
  | 'remote-id'

const STATUSES: Readonly<Record<number, AccountingStatus>> = {
  1: 'start',
  2: 'stop',
  3: 'interim',
  7: 'nas-on',
  8: 'nas-off',
}
/** Of the line's two ids, the numbers among the attributes of the Broadband Forum (RFC 4679 §3.3.1, §3.3.2). */
const LINE_IDS = { 'circuit-id': 1, 'remote-id': 2 } as const
const BROADBAND_FORUM = 3561
const SUBSCRIBER = {
  'user-name': ATTRIBUTES.userName,
  class: ATTRIBUTES.class,
  'calling-station-id': ATTRIBUTES.callingStation,
  'nas-port-id': ATTRIBUTES.nasPortId,
} as const satisfies Readonly<Partial<Record<SubscriberAttribute, number>>>
/** Seconds. A packet that says it waited longer is not believed. */
const LONGEST_DELAY = 86_400

export type ReadSettings = {
  /** Address the packet came from: the access server, where it does not name itself. */
  readonly from: string
  /** `radius.subscriber`, user-name by default. */
  readonly subscriber: SubscriberAttribute
  /** Address space of what this access server gives out. */
  readonly realmOf: (nas: string) => string
}

/** Undefined for what says nothing of a session: tunnels, failures, other statuses. */
export function accountingRecord(
  { attributes }: RadiusPacket,
  { from, subscriber, realmOf }: ReadSettings,
): AccountingRecord | undefined {
  const find = (type: number) => attributes.find(one => one.type === type)?.value
  const status = STATUSES[numberOf(find(ATTRIBUTES.acctStatus)) ?? 0]
  if (!status) return undefined
  const delay = Math.min(numberOf(find(ATTRIBUTES.acctDelay)) ?? 0, LONGEST_DELAY)
  // RFC 2869 §5.3: the event's own time.
  const stamp = numberOf(find(ATTRIBUTES.eventTimestamp))
  const nas4 = find(ATTRIBUTES.nasAddress)
  const nas6 = find(ATTRIBUTES.nasAddress6)
  const nas =
    addressOf(nas4, 4) ?? addressOf(nas6, 6) ?? (textOf(find(ATTRIBUTES.nasIdentifier)) || from)
  const user = textOf(find(ATTRIBUTES.userName))
  const framed = framedOf(attributes)
  const [first] = framed
  const session =
    textOf(find(ATTRIBUTES.acctSession)) || (user && first ? `${user} ${first.prefix}` : '')
  return {
    status,
    nas,
    realm: realmOf(nas),
    session,
    user,
    subscriber:
      subscriber === 'circuit-id' || subscriber === 'remote-id'
        ? lineIdOf(attributes, LINE_IDS[subscriber])
        : textOf(find(SUBSCRIBER[subscriber])),
    framed,
    ...(stamp === undefined ? {} : { stamp: stamp * 1000 }),
    delay: delay * 1000,
  }
}

/** RFC 2865 §5.26: the vendor's number, and attributes of the vendor's own. */
function lineIdOf(attributes: readonly Attribute[], wanted: number): string {
  for (const { type, value } of attributes) {
    if (type !== ATTRIBUTES.vendor || numberOf(value.subarray(0, 4)) !== BROADBAND_FORUM) continue
    for (let at = 4; at + 2 <= value.length; ) {
      const size = value[at + 1] ?? 0
      if (size < 2 || at + size > value.length) break
      if (value[at] === wanted) return textOf(value.subarray(at + 2, at + size))
      at += size
    }
  }
  return ''
}

/** 0.0.0.0, and the two that mean "to be chosen" (RFC 2865 §5.8), are no addresses. */
const NO_ADDRESS: ReadonlySet<string> = new Set([
  '0.0.0.0/32',
  '255.255.255.255/32',
  '255.255.255.254/32',
])

function framedOf(attributes: readonly Attribute[]): Framed[] {
  const mask = addressOf(attributes.find(({ type }) => type === ATTRIBUTES.framedMask)?.value, 4)
  const found = attributes.flatMap(({ type, value }): Framed[] => {
    const one = (kind: AddressKind, prefix: string | undefined) =>
      prefix === undefined || NO_ADDRESS.has(prefix) ? [] : [{ kind, prefix }]
    if (type === ATTRIBUTES.framedAddress) {
      const address = addressOf(value, 4)
      return [
        ...one('address4', address?.concat('/32')),
        ...one('route4', address === undefined ? undefined : networkOf(address, mask)),
      ]
    }
    if (type === ATTRIBUTES.framedAddress6)
      return one('address6', addressOf(value, 6)?.concat('/128'))
    if (type === ATTRIBUTES.framedPrefix6) return one('prefix6', prefix6Of(value))
    if (type === ATTRIBUTES.delegatedPrefix6) return one('delegated6', prefix6Of(value))
    if (type === ATTRIBUTES.framedRoute) return one('route4', routeOf(value, 4))
    if (type === ATTRIBUTES.framedRoute6) return one('route6', routeOf(value, 6))
    return []
  })
  return [...new Map(found.map(one => [one.prefix, one])).values()]
}

/**
 * RFC 2865 §5.9: the user is a router to a network. Only networks smaller than /24 are believed to be one customer's: larger masks
 * are those of the pool that the address is from, and its other addresses are the neighbours'.
 */
function networkOf(address: string, mask: string | undefined): string | undefined {
  const bits = mask === undefined ? undefined : maskBits(mask)
  if (bits === undefined || bits <= 24 || bits === 32 || address === '0.0.0.0') return undefined
  const network = parsePrefix(`${address}/${bits}`)
  return network && formatPrefix(network)
}

function maskBits(mask: string): number | undefined {
  const bits = (parseIp(mask)?.value ?? 0n).toString(2).padStart(32, '0')
  return /^1+0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

/** RFC 2865 §5.22, RFC 3162 §2.5: the prefix is first in its text; without a length it is an address. A default route does not count. */
function routeOf(value: Uint8Array, family: 4 | 6): string | undefined {
  const [text = ''] = textOf(value).trim().split(' ', 1)
  const prefix = parsePrefix(text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`)
  if (prefix?.family !== family || isTooWide(prefix)) return undefined
  return formatPrefix(prefix)
}

function addressOf(value: Uint8Array | undefined, family: 4 | 6): string | undefined {
  if (value?.length !== (family === 4 ? 4 : 16)) return undefined
  return formatIp({ family, value: bits(value) })
}

/** RFC 3162 §2.3: a reserved byte, the length, and as much of the prefix as is not zero. */
function prefix6Of(value: Uint8Array): string | undefined {
  const length = value[1] ?? 129
  if (value.length < 2 || value.length > 18 || length > 128) return undefined
  if (isTooWide({ family: 6, bits: length })) return undefined
  const whole = new Uint8Array(16)
  whole.set(value.subarray(2))
  const drop = BigInt(128 - length)
  return formatPrefix({ family: 6, value: (bits(whole) >> drop) << drop, bits: length })
}

const bits = (value: Uint8Array): bigint =>
  value.reduce((sum, one) => (sum << 8n) | BigInt(one), 0n)

function numberOf(value: Uint8Array | undefined): number | undefined {
  if (value?.length !== 4) return undefined
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0)
}

/** Bytes that are no text, as a Class may be, are told as hexadecimal. */
function textOf(value: Uint8Array | undefined): string {
  if (!value) return ''
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(value)
    // oxlint-disable-next-line no-control-regex -- what may not stand in a log may not stand in a name
    if (!/[\u0000-\u001f\u007f]/.test(text)) return text
  } catch {
    // Not text.
  }
  return `0x${Buffer.from(value).toString('hex')}`
}
