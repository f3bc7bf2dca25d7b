// The list over the DNS, as an entry of the list of doors.

import type { ZoneSettings } from '../../wire/dns/list-zone.ts'
import type { Door } from '../../wire/door.ts'
import type { AnsweringSettings } from './answering.ts'
import { openDnsServer } from './server.ts'
import type { DnsPlace } from './serving.ts'

type DnsListener = DnsPlace & { readonly settings: AnsweringSettings }
type DnsConfig = {
  readonly list?:
    | (DnsPlace & Pick<AnsweringSettings, 'zone' | 'clients' | 'ttl' | 'nameServers' | 'perSecond'>)
    | undefined
  readonly domains: readonly string[]
  /** `hostname`, localhost by default. */
  readonly hostname: string
  readonly provider: string
  readonly http: { readonly refusalPages?: string | undefined }
}

export const dns: Door<DnsConfig, DnsListener, undefined> = {
  name: 'dns',
  reads: {
    list: 'restart',
    domains: 'restart',
    hostname: 'restart',
    provider: 'restart',
    http: 'restart',
  },
  // It has a thread of its own already.
  inThreads: () => false,
  listeners: config => (config.list ? [listenerOf(config, config.list)] : []),
  settings: () => undefined,
  called: () => 'list over the DNS',
  status: ({ settings: { zone } }, port) => `list ${zone} on UDP and TCP port ${port}`,
  open: async ({ settings, ...place }, { listed, trouble }) => {
    if (!listed) throw new Error('there is no list in this thread')
    const opened = await openDnsServer({ place, settings, listed, trouble })
    return { port: opened.port, counted: opened.counted, close: () => opened.close() }
  },
}

function listenerOf(config: DnsConfig, list: NonNullable<DnsConfig['list']>): DnsListener {
  const { address, port, clients, perSecond } = list
  return { address, port, settings: { ...zoneNamesOf(config, list), clients, perSecond } }
}

/** What stands in answers, beside addresses. */
export function zoneNamesOf(
  { domains, hostname, provider, http: { refusalPages } }: Omit<DnsConfig, 'list'>,
  { zone, ttl, nameServers }: Pick<ZoneSettings, 'zone' | 'ttl' | 'nameServers'>,
): ZoneSettings {
  const contact = `postmaster.${domains[0] ?? hostname}`
  const page = refusalPages ? { page: `${refusalPages}why/` } : {}
  const servers = nameServers.length > 0 ? nameServers : [hostname]
  return { zone, ttl, nameServers: servers, contact, provider, ...page }
}
