// The thread that asks the DNS, for all that asks: rules, SPF, DKIM, DMARC, seals, delivery.

import { type DnsThread, openDnsThread } from '../drivers/lookups/dns-thread.ts'
import { type WatchedDns, watchedDns } from '../drivers/lookups/watched-dns.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

const RESOLVERS = { resolvers: 'restart', hostname: 'restart' } as const satisfies Keys
export const DNS_READS = [RESOLVERS]

export async function openDns(
  scope: Scope,
  settings: Settings,
  { trouble }: Pick<World, 'trouble'>,
): Promise<WatchedDns & Pick<DnsThread, 'figures'>> {
  const { resolvers: servers, hostname } = settings.of(RESOLVERS).now
  const thread = await scope.open('DNS', () => openDnsThread({ servers, trouble }), {
    close: opened => opened.close(),
  })
  const watched = watchedDns(thread, { hostname, servers, now: () => performance.now() })
  return { ...watched, figures: () => thread.figures() }
}
