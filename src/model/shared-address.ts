// Many homes behind one outside address, each with ports that arithmetic gives it (RFC 7422, deterministic NAT): the home follows from
// address and port, and nothing need be logged. Pure.

import { formatIp, type Ip, parseIp, type Prefix } from './ip.ts'

export type DeterministicMap = {
  /** Address space of the outside addresses, and of those inside: `sharedAddresses[].realm`, main by default. */
  readonly realm: string
  /** `sharedAddresses[].insideRealm`, main by default. */
  readonly insideRealm: string
  readonly inside: Prefix
  /** Used one after the other. */
  readonly outside: readonly Prefix[]
  /** `sharedAddresses[].firstPort`, 1024 by default, 1 to 65535. */
  readonly firstPort: number
  /** `sharedAddresses[].lastPort`, 65535 by default, 1 to 65535. */
  readonly lastPort: number
  /** Ports of each inside address, one block after the other: `sharedAddresses[].portsEach`, must be given, 1 to 65535. */
  readonly portsEach: number
}

/** The inside address; `shared` when the port is missing or no home has it. */
export type Inside = { readonly realm: string; readonly address: string } | 'shared'

/** Undefined where no map has this address. */
export function insideOf(
  maps: readonly DeterministicMap[],
  asked: { readonly realm: string; readonly address: string; readonly port: number | undefined },
): Inside | undefined {
  const ip = parseIp(asked.address)
  if (!ip) return undefined
  for (const map of maps) {
    const place = map.realm === asked.realm ? placeOf(map.outside, ip) : undefined
    if (place === undefined) continue
    const { port = 0 } = asked
    if (port < map.firstPort || port > map.lastPort) return 'shared'
    const block = Math.floor((port - map.firstPort) / map.portsEach)
    const index = place * usersEach(map) + block
    if (block >= usersEach(map) || index >= sizeOf(map.inside)) return 'shared'
    const address = formatIp({ family: map.inside.family, value: map.inside.value + BigInt(index) })
    return { realm: map.insideRealm, address }
  }
  return undefined
}

/** Where an inside address appears outside; undefined when it has no place there. */
export function outsideOf(
  map: DeterministicMap,
  address: string,
): { readonly address: string; readonly ports: readonly [number, number] } | undefined {
  const ip = parseIp(address)
  const index = ip && placeOf([map.inside], ip)
  if (index === undefined) return undefined
  const block = index % usersEach(map)
  let place = Math.floor(index / usersEach(map))
  for (const prefix of map.outside) {
    if (place < sizeOf(prefix)) {
      const first = map.firstPort + block * map.portsEach
      return {
        address: formatIp({ family: prefix.family, value: prefix.value + BigInt(place) }),
        ports: [first, first + map.portsEach - 1],
      }
    }
    place -= sizeOf(prefix)
  }
  return undefined
}

/** How many inside addresses share one outside address. */
export const usersEach = ({ firstPort, lastPort, portsEach }: DeterministicMap): number =>
  Math.floor((lastPort - firstPort + 1) / portsEach)

const sizeOf = ({ family, bits }: Prefix): number => 2 ** ((family === 4 ? 32 : 128) - bits)

function placeOf(prefixes: readonly Prefix[], ip: Ip): number | undefined {
  let before = 0
  for (const prefix of prefixes) {
    const offset = ip.value - prefix.value
    if (prefix.family === ip.family && offset >= 0n && offset < BigInt(sizeOf(prefix)))
      return before + Number(offset)
    before += sizeOf(prefix)
  }
  return undefined
}
