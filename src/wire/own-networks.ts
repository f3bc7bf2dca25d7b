// Networks whose clients send without a login, as a mail server beside us has them in its own list (Postfix's mynetworks).

import { contains, parseIp, parsePrefix } from '../model/ip.ts'

/** Asks of an address in canonical form. */
export function ownNetworks(prefixes: readonly string[]): (address: string) => boolean {
  const networks = prefixes.flatMap(text => parsePrefix(text) ?? [])
  if (networks.length === 0) return () => false
  return address => {
    const ip = parseIp(address)
    return ip !== undefined && networks.some(one => contains(one, ip))
  }
}
