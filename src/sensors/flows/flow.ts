// One flow record as the decoders hand it on: source, destination and bytes, in one direction. Addresses are kept in the cheapest form
// that can be compared: a hundred thousand of these come in a second.

import { formatIp, parseIp, parsePrefix } from '../../model/ip.ts'

/** IPv4 as an unsigned number of 32 bits, IPv6 as 32 hexadecimal digits. */
export type FlowAddress = number | string

/** The same object is used again for the next record: copy what is to stay. */
export type Flow = {
  source: FlowAddress
  destination: FlowAddress
  sourcePort: number
  destinationPort: number
  /** IANA protocol number: 6 is TCP, 17 UDP. */
  protocol: number
  /** All TCP flags that were seen, or'ed. 0 where the exporter does not tell. */
  flags: number
  packets: number
  bytes: number
  /** One packet in so many was looked at; 1 is all of them. */
  sampling: number
  /** When its last packet was seen (ms); 0 where it is not told. */
  endedAt: number
  /** When its exporter says that it sent the packet (ms): by the same clock. */
  sentAt: number
}

export const emptyFlow = (): Flow => ({
  source: 0,
  destination: 0,
  sourcePort: 0,
  destinationPort: 0,
  protocol: 0,
  flags: 0,
  packets: 0,
  bytes: 0,
  sampling: 1,
  endedAt: 0,
  sentAt: 0,
})

export const TCP = 6
export const FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const

export const addressText = (address: FlowAddress): string =>
  typeof address === 'number'
    ? formatIp({ family: 4, value: BigInt(address) })
    : formatIp({ family: 6, value: BigInt(`0x${address}`) })

/** Undefined when it is no address. */
export function flowAddress(text: string): FlowAddress | undefined {
  const ip = parseIp(text)
  if (!ip) return undefined
  return ip.family === 4 ? Number(ip.value) : ip.value.toString(16).padStart(32, '0')
}

/** Whether an address is in one of some prefixes. Host bits are not looked at. */
export function inPrefixes(prefixes: readonly string[]): (address: FlowAddress) => boolean {
  const four: { mask: number; value: number }[] = []
  const six: { digits: number; text: string; shift: number; nibble: number }[] = []
  for (const text of prefixes) {
    const prefix = parsePrefix(text)
    if (prefix?.family === 4) {
      const mask = prefix.bits === 0 ? 0 : (-1 << (32 - prefix.bits)) >>> 0
      four.push({ mask, value: Number(prefix.value) })
    }
    if (prefix?.family !== 6) continue
    const hex = prefix.value.toString(16).padStart(32, '0')
    const digits = prefix.bits >> 2
    const shift = 4 - (prefix.bits & 3)
    const nibble = shift === 4 ? 0 : Number.parseInt(hex.charAt(digits), 16) >> shift
    six.push({ digits, text: hex.slice(0, digits), shift, nibble })
  }
  return address => {
    if (typeof address === 'number') {
      for (const { mask, value } of four) if ((address & mask) >>> 0 === value) return true
      return false
    }
    for (const { digits, text, shift, nibble } of six)
      if (
        address.startsWith(text) &&
        (shift === 4 || Number.parseInt(address.charAt(digits), 16) >> shift === nibble)
      )
        return true
    return false
  }
}
