// The header of a message from a webmail host, held back until it is known where its user sits: the host says that in a field of it
// (X-Originating-IP). Only hosts that are listed are believed, and of several such fields the first, which is theirs.

import { canonicalIp } from '../../model/ip.ts'

/** What has come of it so far, the last first: a field is put in front without a copy of the others. */
export type HeldHeader = {
  readonly bytes: Uint8Array
  readonly size: number
  readonly before?: HeldHeader | undefined
  /** The user's address, where a field said one. */
  readonly from?: string | undefined
}

/** Bytes, as much as a header may have (core: `header-too-large`): a field behind them does not count. */
export const MAX_HELD_HEADER = 256 * 1024

export const heldWith = (
  before: HeldHeader | undefined,
  bytes: Uint8Array,
  said: string | undefined,
): HeldHeader => ({
  bytes,
  size: (before?.size ?? 0) + bytes.length,
  before,
  from: before?.from ?? (said === undefined ? undefined : addressIn(said)),
})

export function wholeHeader(held: HeldHeader): Uint8Array {
  const parts: Uint8Array[] = []
  for (let one: HeldHeader | undefined = held; one; one = one.before) parts.push(one.bytes)
  return Buffer.concat(parts.toReversed())
}

/** `[192.0.2.7]`, `192.0.2.7`, `[IPv6:2001:db8::7]`; nothing where it is none. */
function addressIn(value: string): string | undefined {
  const text = value.slice(0, 100).trim()
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  return canonicalIp(inner.startsWith('IPv6:') ? inner.slice(5) : inner)
}
