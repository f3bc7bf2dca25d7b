// Networks that have no single place in the Internet (RFC 6890). Those of documentation are not among them: nothing is ever there.

import { contains, type Prefix, parsePrefix } from './ip.ts'

/** An address in one of these is another machine in each network. */
export const PRIVATE_NETWORKS = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
  // Of old sites.
  'fec0::/10',
]

/** No host, this machine, this link, and IPv6 addresses that stand for one of IPv4 (NAT64, Teredo, 6to4). */
export const NO_NETWORKS = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '224.0.0.0/3',
  '::/8',
  '2001::/32',
  '2002::/16',
  'fe80::/10',
  'ff00::/8',
]

/** Whether a prefix is in one of these, or one of these in it. */
export function touching(networks: readonly string[]): (prefix: Prefix) => boolean {
  const parsed = networks.flatMap(text => parsePrefix(text) ?? [])
  return prefix => parsed.some(one => contains(one, prefix) || contains(prefix, one))
}
