// The thread that asks the DNS, for all that asks: rules, SPF, DKIM, DMARC, seals, delivery.

import { type DnsThread, openDnsThread } from '../drivers/lookups/dns-thread.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

const RESOLVERS = { resolvers: 'restart' } as const satisfies Keys
export const DNS_READS = [RESOLVERS]

export function openDns(
  scope: Scope,
  settings: Settings,
  { trouble }: Pick<World, 'trouble'>,
): Promise<DnsThread> {
  const { resolvers: servers } = settings.of(RESOLVERS).now
  return scope.open('DNS', () => openDnsThread({ servers, trouble }), {
    close: thread => thread.close(),
  })
}
