// RADIUS packets: what both of its uses here share, being told of sessions (accounting, RFC 2866) and changing them (RFC 5176).
// Bytes to attributes and back, with the shared secret's signatures. Pure but for MD5.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export const CODES = {
  accountingRequest: 4,
  accountingResponse: 5,
  statusServer: 12,
  disconnectRequest: 40,
  disconnectAck: 41,
  disconnectNak: 42,
  coaRequest: 43,
  coaAck: 44,
  coaNak: 45,
} as const

/** Numbers of attributes (RFC 2865, 2866, 2869, 3162, 4818, 5176, 6911). */
export const ATTRIBUTES = {
  userName: 1,
  nasAddress: 4,
  framedAddress: 8,
  framedMask: 9,
  filterId: 11,
  framedRoute: 22,
  class: 25,
  vendor: 26,
  callingStation: 31,
  nasIdentifier: 32,
  proxyState: 33,
  acctStatus: 40,
  acctDelay: 41,
  acctSession: 44,
  eventTimestamp: 55,
  messageAuthenticator: 80,
  nasPortId: 87,
  nasAddress6: 95,
  framedPrefix6: 97,
  framedRoute6: 99,
  errorCause: 101,
  delegatedPrefix6: 123,
  framedAddress6: 168,
} as const

export type Attribute = { readonly type: number; readonly value: Uint8Array }
export type RadiusPacket = {
  readonly code: number
  readonly id: number
  readonly authenticator: Uint8Array
  readonly attributes: readonly Attribute[]
}

const HEADER = 20
/** RFC 2865 §3. */
const MAX_PACKET = 4096
const ZEROS = new Uint8Array(16)

/** Undefined when it is none. What stands after its length is padding (RFC 2865 §3). */
export function parseRadius(bytes: Uint8Array): RadiusPacket | undefined {
  if (bytes.length < HEADER || bytes.length > MAX_PACKET) return undefined
  const length = ((bytes[2] as number) << 8) | (bytes[3] as number)
  if (length < HEADER || length > bytes.length) return undefined
  const attributes: Attribute[] = []
  for (let at = HEADER; at < length; ) {
    const size = bytes[at + 1] ?? 0
    if (size < 2 || at + size > length) return undefined
    attributes.push({ type: bytes[at] as number, value: bytes.subarray(at + 2, at + size) })
    at += size
  }
  const [code = 0, id = 0] = bytes
  return { code, id, authenticator: bytes.subarray(4, HEADER), attributes }
}

/** RFC 2866 §3: whether the sender of this accounting request knows the secret. */
export function isSigned(bytes: Uint8Array, secret: string): boolean {
  const length = ((bytes[2] as number) << 8) | (bytes[3] as number)
  const expected = md5(bytes.subarray(0, 4), ZEROS, bytes.subarray(HEADER, length), secret)
  return timingSafeEqual(expected, bytes.subarray(4, HEADER))
}

/** RFC 2865 §3: whether an answer is one to this request, from a server that knows the secret. */
export function isAnswer(bytes: Uint8Array, request: Uint8Array, secret: string): boolean {
  const length = ((bytes[2] as number) << 8) | (bytes[3] as number)
  const authenticator = request.subarray(4, HEADER)
  const expected = md5(bytes.subarray(0, 4), authenticator, bytes.subarray(HEADER, length), secret)
  return timingSafeEqual(expected, bytes.subarray(4, HEADER))
}

/** RFC 5997 §3: a question whether we are there, whose Message-Authenticator is right. */
export function isStatusServer(bytes: Uint8Array, packet: RadiusPacket, secret: string): boolean {
  const given = packet.attributes.find(({ type }) => type === ATTRIBUTES.messageAuthenticator)
  if (packet.code !== CODES.statusServer || given?.value.length !== 16) return false
  const length = ((bytes[2] as number) << 8) | (bytes[3] as number)
  const zeroed = Uint8Array.from(bytes.subarray(0, length))
  zeroed.fill(
    0,
    given.value.byteOffset - bytes.byteOffset,
    given.value.byteOffset - bytes.byteOffset + 16,
  )
  return timingSafeEqual(createHmac('md5', secret).update(zeroed).digest(), given.value)
}

export type Unsigned = Omit<RadiusPacket, 'authenticator'>

/** An answer, signed with the request's authenticator. */
export function signedAnswer(packet: Unsigned, request: RadiusPacket, secret: string): Uint8Array {
  const bytes = encoded(packet)
  bytes.set(md5(bytes.subarray(0, 4), request.authenticator, bytes.subarray(HEADER), secret), 4)
  return bytes
}

/** A request of accounting, CoA or Disconnect; a Message-Authenticator is added where `hmac` (RFC 5176 §3.4). */
export function signedRequest(packet: Unsigned, secret: string, { hmac = false } = {}): Uint8Array {
  const attributes = hmac
    ? [...packet.attributes, { type: ATTRIBUTES.messageAuthenticator, value: ZEROS }]
    : packet.attributes
  const bytes = encoded({ ...packet, attributes })
  // Over the whole packet with sixteen zeros for both authenticators.
  if (hmac) bytes.set(createHmac('md5', secret).update(bytes).digest(), bytes.length - 16)
  bytes.set(md5(bytes.subarray(0, 4), ZEROS, bytes.subarray(HEADER), secret), 4)
  return bytes
}

function encoded({ code, id, attributes }: Unsigned): Uint8Array {
  const length = attributes.reduce((sum, { value }) => sum + 2 + value.length, HEADER)
  const bytes = new Uint8Array(length)
  bytes.set([code, id, length >> 8, length & 255])
  let at = HEADER
  for (const { type, value } of attributes) {
    bytes.set([type, value.length + 2], at)
    bytes.set(value, at + 2)
    at += value.length + 2
  }
  return bytes
}

function md5(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export const textAttribute = (type: number, text: string): Attribute => ({
  type,
  value: new TextEncoder().encode(text).subarray(0, 253),
})

export function numberAttribute(type: number, number: number): Attribute {
  const value = new Uint8Array(4)
  new DataView(value.buffer).setUint32(0, number)
  return { type, value }
}
