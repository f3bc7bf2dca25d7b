// Is this an address of the Internet? Loopback, private and link-local ones are machines of our own, in front of us or
// beside us: nothing that is asked of strangers is asked of them.

import { contains, parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'

// RFC 6890: loopback, private use, shared address space, link-local, unique local.
const OURS: readonly Prefix[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '::1/128',
  'fe80::/10',
  'fc00::/7',
].flatMap(text => parsePrefix(text) ?? [])

export function isPublic(address: string): boolean {
  const ip = parseIp(address)
  return ip !== undefined && !OURS.some(prefix => contains(prefix, ip))
}
