// An accounting request (RFC 2866) as what it says of a session: who, where, which addresses, since when. Pure.

import { formatIp, formatPrefix } from '../../model/ip.ts'
import { ATTRIBUTES, type Attribute, type RadiusPacket } from '../../wire/radius.ts'

export type AccountingStatus = 'start' | 'stop' | 'interim' | 'nas-on' | 'nas-off'

export type AccountingRecord = {
  readonly status: AccountingStatus
  /** The access server, by the name or address it gives itself. */
  readonly nas: string
  readonly session: string
  readonly user: string
  /** What subscribers are known by: User-Name, Class or Calling-Station-Id. */
  readonly subscriber: string
  /** Addresses and prefixes, in one spelling. */
  readonly prefixes: readonly string[]
  /** When it happened: by its own clock where it says so, else when it came less how long it waited. */
  readonly at: number
}

export type SubscriberAttribute = 'user-name' | 'class' | 'calling-station-id'

const STATUSES: Readonly<Record<number, AccountingStatus>> = {
  1: 'start',
  2: 'stop',
  3: 'interim',
  7: 'nas-on',
  8: 'nas-off',
}
const SUBSCRIBER: Readonly<Record<SubscriberAttribute, number>> = {
  'user-name': ATTRIBUTES.userName,
  class: ATTRIBUTES.class,
  'calling-station-id': ATTRIBUTES.callingStation,
}
/** A packet that waited longer than this is not believed to have waited so long. */
const LONGEST_DELAY = 86_400

export type ReadSettings = {
  /** Address the packet came from: the access server, where it does not name itself. */
  readonly from: string
  readonly subscriber: SubscriberAttribute
  /** When it came. */
  readonly now: number
}

/** Undefined for what says nothing of a session: tunnels, failures, other statuses. */
export function accountingRecord(
  { attributes }: RadiusPacket,
  { from, subscriber, now }: ReadSettings,
): AccountingRecord | undefined {
  const find = (type: number) => attributes.find(one => one.type === type)?.value
  const status = STATUSES[numberOf(find(ATTRIBUTES.acctStatus)) ?? 0]
  if (!status) return undefined
  const delay = Math.min(numberOf(find(ATTRIBUTES.acctDelay)) ?? 0, LONGEST_DELAY)
  const stamp = numberOf(find(ATTRIBUTES.eventTimestamp))
  const nas4 = find(ATTRIBUTES.nasAddress)
  const nas6 = find(ATTRIBUTES.nasAddress6)
  return {
    status,
    nas:
      addressOf(nas4, 4) ?? addressOf(nas6, 6) ?? (textOf(find(ATTRIBUTES.nasIdentifier)) || from),
    session: textOf(find(ATTRIBUTES.acctSession)),
    user: textOf(find(ATTRIBUTES.userName)),
    subscriber: textOf(find(SUBSCRIBER[subscriber])),
    prefixes: prefixesOf(attributes),
    // RFC 2869 §5.3: the event's own time. A clock that is ahead of ours is wrong.
    at: Math.min(now, stamp === undefined ? now - delay * 1000 : stamp * 1000),
  }
}

/** 0.0.0.0, and the two that mean "to be chosen" (RFC 2865 §5.8), are no addresses. */
const NO_ADDRESS: ReadonlySet<string> = new Set([
  '0.0.0.0/32',
  '255.255.255.255/32',
  '255.255.255.254/32',
])

function prefixesOf(attributes: readonly Attribute[]): string[] {
  const found = attributes.flatMap(({ type, value }) => {
    if (type === ATTRIBUTES.framedAddress) return addressOf(value, 4)?.concat('/32') ?? []
    if (type === ATTRIBUTES.framedAddress6) return addressOf(value, 6)?.concat('/128') ?? []
    if (type === ATTRIBUTES.framedPrefix6 || type === ATTRIBUTES.delegatedPrefix6)
      return prefix6Of(value) ?? []
    return []
  })
  return [...new Set(found.filter(one => !NO_ADDRESS.has(one)))]
}

function addressOf(value: Uint8Array | undefined, family: 4 | 6): string | undefined {
  if (value?.length !== (family === 4 ? 4 : 16)) return undefined
  return formatIp({ family, value: bits(value) })
}

/** RFC 3162 §2.3: a reserved byte, the length, and as much of the prefix as is not zero. */
function prefix6Of(value: Uint8Array): string | undefined {
  const length = value[1] ?? 129
  if (value.length < 2 || value.length > 18 || length > 128) return undefined
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
