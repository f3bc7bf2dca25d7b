// The backwards spelling of an address: octets, or nibbles of IPv6, last first. What PTR records (RFC 1035 §3.5, RFC 3596
// §2.5) and DNS lists (RFC 5782 §2) are asked by.

import { type Ip, formatIp } from './ip.ts'

export function backwards(ip: Ip): string {
  if (ip.family === 4) return formatIp(ip).split('.').toReversed().join('.')
  return ip.value.toString(16).padStart(32, '0').split('').toReversed().join('.')
}

/** The name under which the DNS knows the names of an address. */
export const pointerName = (ip: Ip): string =>
  `${backwards(ip)}.${ip.family === 4 ? 'in-addr' : 'ip6'}.arpa`
