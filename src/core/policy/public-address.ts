// Is this an address of the Internet? Loopback, private and link-local ones are machines of our own, in front of us or
// beside us: the rules for strangers are not for them.

import { contains, parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'

// RFC 6890: this network, loopback, private use, shared address space, link-local, unique local.
/** First octet, and from where to where the second is ours; 0.0.0.0/8, 127.0.0.0/8 and 10.0.0.0/8 are whole. */
const OURS_4 = [
  [172, 16, 31],
  [192, 168, 168],
  [100, 64, 127],
  [169, 254, 254],
] as const
const OURS_6: readonly Prefix[] = ['::1/128', 'fe80::/10', 'fc00::/7'].flatMap(
  text => parsePrefix(text) ?? [],
)

export function isPublic(address: string): boolean {
  // Asked for every recipient of every stranger, nearly always of IPv4: two numbers tell.
  if (!address.includes(':')) return isPublic4(address)
  const ip = parseIp(address)
  return ip !== undefined && !OURS_6.some(prefix => contains(prefix, ip))
}

function isPublic4(address: string): boolean {
  const dot = address.indexOf('.')
  const first = octetAt(address, 0)
  if (first === 0 || first === 127 || first === 10 || dot < 1) return false
  if (first !== 100 && first !== 169 && first !== 172 && first !== 192) return true
  const second = octetAt(address, dot + 1)
  return !OURS_4.some(([a, from, to]) => a === first && second >= from && second <= to)
}

/** The digits that stand there, as a number. */
function octetAt(address: string, from: number): number {
  let octet = 0
  for (let i = from; i < address.length; i++) {
    const digit = address.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) break
    octet = octet * 10 + digit
  }
  return octet
}
