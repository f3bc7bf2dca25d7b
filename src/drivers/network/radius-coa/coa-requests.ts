// What is said to an access server about a session (RFC 5176): whose it is, and what becomes of it. Pure.

import type { Restriction } from '../../../model/decision.ts'
import { parseIp } from '../../../model/ip.ts'
import type { AccessSession } from '../../../model/lease.ts'
import { ATTRIBUTES, type Attribute, numberAttribute, textAttribute } from '../../../wire/radius.ts'

/** `11`, or `14988.19` for attribute 19 of vendor 14988 (MikroTik's Address-List). */
export type CoaAttribute = { readonly attribute: string; readonly value: string }

export type CoaTemplates = {
  readonly isolated: readonly CoaAttribute[]
  readonly redirected: readonly CoaAttribute[]
  readonly open: readonly CoaAttribute[]
  /** What a session is given when nothing is decided any more. */
  readonly normal: readonly CoaAttribute[]
}

export type SessionState = 'isolated' | 'redirect-25' | 'open' | 'normal'

/** A session that may reach some servers only is none an access server can be told of. */
export const stateOf = ({ state }: Restriction): SessionState =>
  state === 'closed' ? 'isolated' : state === 'named' ? 'normal' : state

/** One session, however many addresses it has. */
export const sessionKey = ({ nas, id }: AccessSession): string => `${nas} ${id}`

/** RFC 5176 §3: which access server, which session, whose, and when this was said. */
export function identification(
  session: AccessSession,
  { prefixes, now }: { readonly prefixes: readonly string[]; readonly now: number },
): Attribute[] {
  const nas = addressBytes(session.nas)
  const four = prefixes.find(prefix => prefix.endsWith('/32') && !prefix.includes(':'))
  const framed = four === undefined ? undefined : addressBytes(four.slice(0, -3))
  return [
    nas
      ? { type: nas.length === 4 ? ATTRIBUTES.nasAddress : ATTRIBUTES.nasAddress6, value: nas }
      : textAttribute(ATTRIBUTES.nasIdentifier, session.nas),
    textAttribute(ATTRIBUTES.acctSession, session.id),
    textAttribute(ATTRIBUTES.userName, session.user),
    ...(framed ? [{ type: ATTRIBUTES.framedAddress, value: framed }] : []),
    // Against somebody who sends an old request again (RFC 5176 §6.3).
    numberAttribute(ATTRIBUTES.eventTimestamp, Math.floor(now / 1000)),
  ]
}

export const changes = (state: SessionState, templates: CoaTemplates): Attribute[] => {
  const all = state === 'redirect-25' ? templates.redirected : templates[state]
  return all.map(encoded)
}

/** RFC 2865 §5.26: a vendor's attribute in one of ours. */
function encoded({ attribute, value }: CoaAttribute): Attribute {
  const [first = 0, second] = attribute.split('.').map(Number)
  if (second === undefined) return textAttribute(first, value)
  const text = new TextEncoder().encode(value).subarray(0, 247)
  const bytes = new Uint8Array(6 + text.length)
  new DataView(bytes.buffer).setUint32(0, first)
  bytes.set([second, text.length + 2], 4)
  bytes.set(text, 6)
  return { type: ATTRIBUTES.vendor, value: bytes }
}

function addressBytes(text: string): Uint8Array | undefined {
  const ip = parseIp(text)
  if (!ip) return undefined
  const length = ip.family === 4 ? 4 : 16
  return Uint8Array.from({ length }, (_, i) =>
    Number((ip.value >> BigInt(8 * (length - 1 - i))) & 255n),
  )
}

/** RFC 5176 §3.5: the session is gone; what was to be done about it is done. */
export const SESSION_GONE = 503
const CAUSES: Readonly<Record<number, string>> = {
  401: 'it does not know an attribute',
  402: 'an attribute is missing',
  403: 'it is for another access server',
  404: 'it does not understand the request',
  405: 'it does not know the service',
  501: 'it is not allowed',
  506: 'it has no room for it',
}

/** What a refusal says; the number where nobody has words for it. */
export function causeOf(attributes: readonly Attribute[]): { cause: number; words: string } {
  const value = attributes.find(({ type }) => type === ATTRIBUTES.errorCause)?.value
  const cause = value?.length === 4 ? new DataView(value.buffer, value.byteOffset).getUint32(0) : 0
  return { cause, words: CAUSES[cause] ?? `it says no (Error-Cause ${cause})` }
}
