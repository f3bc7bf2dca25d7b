// Routers: prefixes that do not contradict each other, ways that lead somewhere, leases that fit into the sets.

import { parsePrefix, type Prefix } from '../../model/ip.ts'
import type { Complaint, Path } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'
import { holds, prefixesOf } from './prefixes.ts'

const KEYS = ['nftables', 'listeners', 'leases', 'rollout', 'flows'] as const
type NetworkConfig = Pick<Config, (typeof KEYS)[number]>

export const accessNetwork = crossCheck(KEYS, function* (config) {
  for (const [i, router] of config.nftables.entries()) {
    const path = ['nftables', i]
    yield* contradiction([...path, 'servers'], router.servers, router.consumers)
    yield* oneOfEach([...path, 'noticePage', 'addresses'], router.noticePage.addresses)
    yield* oneOfEach([...path, 'redirectTo', 'addresses'], router.redirectTo.addresses)
    for (const [j, ports] of router.wormPorts.entries())
      if (!isRange(ports))
        yield {
          path: [...path, 'wormPorts', j],
          problem: `${ports} is no port, or a range that ends before it begins`,
          advice: 'Write ports from 1 to 65535, the lower first, such as 137-139.',
        }
    if (
      router.redirect25 === 'our-server' &&
      !config.listeners.some(({ kind }) => kind === 'redirected')
    )
      yield {
        path: [...path, 'redirect25'],
        problem: 'port 25 of a suspect leads to us, and there is no listener of kind redirected',
        advice: 'Write one in listeners, or redirect25: same-server.',
      }
  }
  if (config.flows)
    yield* contradiction(['flows', 'servers'], config.flows.servers, config.flows.networks)
  yield* leasesWithoutSets(config)
  yield* rolloutParts(config)
})

/** Servers whose port 25 is open for all clients are inside of what is closed, never around it. */
function* contradiction(
  path: Path,
  servers: readonly string[],
  consumers: readonly string[],
): Iterable<Complaint> {
  const closed = prefixesOf(consumers)
  for (const [i, text] of servers.entries()) {
    const server = parsePrefix(text) as Prefix
    const at = closed.findIndex(one => holds(server, one))
    if (at >= 0)
      yield {
        path: [...path, i],
        problem: `all of ${consumers[at]} is in ${text}, so that port 25 would be open and closed there`,
        advice: 'Write the addresses of the servers alone.',
      }
  }
}

function* oneOfEach(path: Path, addresses: readonly string[]): Iterable<Complaint> {
  const six = addresses.filter(one => one.includes(':')).length
  if (six > 1 || addresses.length - six > 1)
    yield {
      path,
      problem: 'there is more than one address of a family',
      advice: 'Write one for IPv4, and one for IPv6.',
    }
}

function isRange(text: string): boolean {
  const [first = 0, last = first] = text.split('-').map(Number)
  return first >= 1 && first <= last && last <= 65_535
}

/** A lease whose length has no set in the router is enforced by nothing. */
function* leasesWithoutSets({ leases, nftables }: NetworkConfig): Iterable<Complaint> {
  for (const [i, { realm, prefix: text }] of leases.entries()) {
    const prefix = parsePrefix(text) as Prefix
    const router = nftables.find(
      one =>
        one.realm === realm &&
        !(prefix.family === 4 ? one.prefixLengths4 : one.prefixLengths6).includes(prefix.bits),
    )
    if (router)
      yield {
        path: ['leases', i, 'prefix'],
        problem: `the router ${router.name} has no sets for prefixes of length ${prefix.bits}, so nothing would be enforced there`,
        advice: `Add ${prefix.bits} to its prefixLengths${prefix.family}.`,
      }
  }
}

function* rolloutParts({ rollout, nftables }: NetworkConfig): Iterable<Complaint> {
  const names = new Set<string>()
  const consumers = prefixesOf(nftables.flatMap(one => one.consumers))
  for (const [i, { name, prefixes }] of rollout.parts.entries()) {
    if (names.has(name))
      yield {
        path: ['rollout', 'parts', i, 'name'],
        problem: `there is a part ${name} already`,
        advice: 'Give every part a name of its own.',
      }
    names.add(name)
    for (const [j, text] of prefixes.entries())
      if (!consumers.some(one => holds(one, parsePrefix(text) as Prefix)))
        yield {
          path: ['rollout', 'parts', i, 'prefixes', j],
          problem: `${text} is not part of the consumers of a router in nftables`,
          advice: 'Write prefixes whose port 25 a router closes.',
        }
  }
}
