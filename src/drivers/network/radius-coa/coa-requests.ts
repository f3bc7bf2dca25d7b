// What is said to an access server about a session (RFC 5176): which one it is, and what becomes of it. Pure.

import type { Restriction } from '../../../model/decision.ts'
import { parseIp } from '../../../model/ip.ts'
import { type AccessSession, sessionText } from '../../../model/lease.ts'
import { ATTRIBUTES, type Attribute, numberAttribute, textAttribute } from '../../../wire/radius.ts'

/** `11`, or `14988.19` for attribute 19 of vendor 14988 (MikroTik's Address-List). */
export type CoaAttribute = {
  readonly attribute: string
  readonly value: string
  /** How `value` is written: `radiusCoa[].isolated[].as`, text by default, text, integer, address or hex; likewise of the other states. */
  readonly as: (typeof WRITTEN_AS)[number]
}

/** How a value is written: as its characters, in four bytes, as an IP address, or as the bytes that its digits say. */
export const WRITTEN_AS = ['text', 'integer', 'address', 'hex'] as const

/** What names a session (RFC 5176 §3): some access servers refuse requests that have an attribute more than they know. */
export const IDENTIFIED_BY = ['nas', 'session', 'user', 'address', 'time'] as const
export type IdentifiedBy = (typeof IDENTIFIED_BY)[number]

export type CoaTemplates = {
  readonly isolated: readonly CoaAttribute[]
  readonly redirected: readonly CoaAttribute[]
  readonly open: readonly CoaAttribute[]
  /** What a session is given when nothing is decided any more. */
  readonly default: readonly CoaAttribute[]
}

export type SessionState = 'isolated' | 'redirect-25' | 'open' | 'default'

/** The subscriber state, as a session can have it. An access server cannot be told to let it reach some servers only. */
export const stateOf = ({ state }: Restriction): SessionState =>
  state === 'closed' ? 'isolated' : state === 'named' ? 'default' : state

/** One life of a session's number. */
export const lifeOf = (entry: Restriction): string =>
  entry.session ? `${sessionText(entry)} ${entry.began ?? 0}` : ''

type Identifying = {
  readonly prefixes: readonly string[]
  readonly now: number
  readonly identify: readonly IdentifiedBy[]
}

/** RFC 5176 §3: which access server, which session, whose, and when this was said. */
export function identification(
  session: AccessSession,
  { prefixes, now, identify }: Identifying,
): Attribute[] {
  const nas = addressBytes(session.nas)
  const four = prefixes.find(prefix => prefix.endsWith('/32') && !prefix.includes(':'))
  const framed = four === undefined ? undefined : addressBytes(four.slice(0, -3))
  const all: Readonly<Record<IdentifiedBy, Attribute | undefined>> = {
    nas: nas
      ? { type: nas.length === 4 ? ATTRIBUTES.nasAddress : ATTRIBUTES.nasAddress6, value: nas }
      : textAttribute(ATTRIBUTES.nasIdentifier, session.nas),
    session: textAttribute(ATTRIBUTES.acctSession, session.id),
    user: textAttribute(ATTRIBUTES.userName, session.user),
    address: framed && { type: ATTRIBUTES.framedAddress, value: framed },
    // Against an attacker that sends an old request again (RFC 5176 §6.3).
    time: numberAttribute(ATTRIBUTES.eventTimestamp, Math.floor(now / 1000)),
  }
  return identify.flatMap(what => all[what] ?? [])
}

export const changes = (state: SessionState, templates: CoaTemplates): Attribute[] => {
  const all = state === 'redirect-25' ? templates.redirected : templates[state]
  return all.map(encoded)
}

/** RFC 2865 §5.26: a vendor's attribute in one of ours. */
function encoded({ attribute, value, as }: CoaAttribute): Attribute {
  const [first = 0, second] = attribute.split('.').map(Number)
  const written = WRITERS[as](value)
  if (second === undefined) return { type: first, value: written.subarray(0, 253) }
  const mine = written.subarray(0, 247)
  const bytes = new Uint8Array(6 + mine.length)
  new DataView(bytes.buffer).setUint32(0, first)
  bytes.set([second, mine.length + 2], 4)
  bytes.set(mine, 6)
  return { type: ATTRIBUTES.vendor, value: bytes }
}

const WRITERS: Readonly<Record<CoaAttribute['as'], (value: string) => Uint8Array>> = {
  text: value => new TextEncoder().encode(value),
  integer: value => numberAttribute(0, Number(value)).value,
  address: value => addressBytes(value) ?? new Uint8Array(),
  hex: value => Uint8Array.from(Buffer.from(value, 'hex')),
}

function addressBytes(text: string): Uint8Array | undefined {
  const ip = parseIp(text)
  if (!ip) return undefined
  const length = ip.family === 4 ? 4 : 16
  return Uint8Array.from({ length }, (_, i) =>
    Number((ip.value >> BigInt(8 * (length - 1 - i))) & 255n),
  )
}

/** RFC 5176 §3.5: there is no such session; some also say it when an attribute is missing. */
export const SESSION_GONE = 503
const CAUSES: Readonly<Record<number, string>> = {
  401: 'it does not know an attribute',
  402: 'an attribute is missing',
  403: 'it is for another access server',
  404: 'it does not understand the request',
  405: 'it does not know the service',
  501: 'it is not allowed',
  503: 'it knows no such session',
  506: 'it has no room for it',
}

/** What a refusal says; the number where there are no words for it. */
export function causeOf(attributes: readonly Attribute[]): { cause: number; words: string } {
  const value = attributes.find(({ type }) => type === ATTRIBUTES.errorCause)?.value
  const cause = value?.length === 4 ? new DataView(value.buffer, value.byteOffset).getUint32(0) : 0
  const unknown = cause === 0 ? 'it says no, and not why' : `it says no (Error-Cause ${cause})`
  return { cause, words: CAUSES[cause] ?? unknown }
}
