// Everything that is seen of a host, within its time: the DNS and the web at once, its ports one after the other.

import { AUTOCONFIG_PATH, outgoingOf } from './autoconfig.ts'
import { dnsResolver } from '../../../drivers/lookups/dns-resolver.ts'
import { nodeResolver, systemServers } from '../../../drivers/lookups/node-resolver.ts'
import { validatedDns } from '../../../drivers/lookups/validated-dns.ts'
import { type WebPage, webPage } from '../../../drivers/lookups/web-page.ts'
import { STS_PATH } from '../../../mail/mta-sts-policy.ts'
import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { type InTurn, oneAtATime } from '../../../model/in-turn.ts'
import {
  type AuditRecord,
  type AuditAnswer,
  type SeenSetup,
  type SeenSts,
  type Tried,
} from '../record.ts'
import { type AuditSettings, USUAL_PORTS } from './audit-settings.ts'
import {
  dkimOf,
  dmarcOf,
  must,
  reverseNames,
  seen,
  servicesOf,
  spfOf,
  stsRecords,
  tlsaOf,
} from './dns-facts.ts'
import { seePorts } from './see-ports.ts'
import type { Seeing } from './seeing.ts'

/** ms for all questions to a host and about it. */
const HOST_WITHIN = 30_000

export type HostSeer = (host: string) => Promise<AuditRecord>

/** Of hosts that share an address, one is connected to after the other. Never rejects. */
export function hostSeer(settings: AuditSettings): HostSeer {
  const servers = settings.resolvers.length > 0 ? settings.resolvers : systemServers()
  const dns = nodeResolver(servers)
  const asking = {
    dns,
    resolver: dnsResolver(dns, () => Date.now()),
    validated: validatedDns(servers),
  }
  const turns = new Map<string, InTurn>()
  const turnOf = (address: string): InTurn => {
    const turn = turns.get(address) ?? oneAtATime()
    turns.set(address, turn)
    return turn
  }
  const within = settings.within ?? HOST_WITHIN
  return host =>
    seeHost(host, {
      settings,
      asking,
      turnOf,
      signal: AbortSignal.timeout(within),
      until: performance.now() + within,
    })
}

async function seeHost(host: string, seeing: Seeing): Promise<AuditRecord> {
  const { settings, asking, signal } = seeing
  const domain = settings.domain ?? organisationalDomain(host)
  const inTime = <T>(work: Promise<T>): Promise<AuditAnswer<T>> => seen(untilOver(work, signal))
  const [exchangers, setup] = await Promise.all([
    inTime(
      must(domain, asking.resolver.mx(domain)).then(found => found.map(one => hostName(one.host))),
    ),
    inTime(setupOf(domain, seeing)),
  ])
  const isDomain = host === domain
  const servers = isDomain ? serversOf(host, exchangers, setup) : { outgoing: host, inbound: host }
  const { outgoing, inbound } = servers
  const addressesOf = (name: string) => inTime(must(name, asking.resolver.addresses(name)))
  const [there, here] = await Promise.all([addressesOf(outgoing), addressesOf(inbound)])
  const addresses = 'value' in there ? there.value : []
  const reverse = 'value' in there ? await inTime(reverseNames(asking, addresses)) : there
  const [ports, spf, dkim, dmarc, sts, tlsa] = await Promise.all([
    seePorts(
      {
        outgoing: { host: outgoing, addresses: there },
        inbound: { host: inbound, addresses: here },
        reverse,
        exchangers: isDomain ? othersOf(exchangers, inbound) : [],
        domain,
      },
      seeing,
    ),
    inTime(spfOf(asking, { domain, host: outgoing, addresses })),
    inTime(dkimOf(asking, domain, settings.selectors)),
    inTime(dmarcOf(asking, domain)),
    inTime(stsOf(domain, seeing)),
    inTime(tlsaOf(asking, inbound, isExchangerOf(exchangers, inbound) ? domain : undefined)).then(
      found => ('value' in found ? found.value : found),
    ),
  ])
  const at = Date.now()
  return {
    host,
    domain,
    isDomain,
    ...servers,
    exchangers,
    at,
    ...ports,
    reverse,
    spf,
    dkim,
    dmarc,
    sts,
    tlsa,
    setup,
  }
}

const othersOf = (exchangers: AuditRecord['exchangers'], inbound: string): readonly string[] =>
  'value' in exchangers ? exchangers.value.filter(one => one !== inbound && one !== '') : []

const isExchangerOf = (exchangers: AuditRecord['exchangers'], host: string): boolean =>
  'value' in exchangers && exchangers.value.includes(host)

const hostName = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** Of a domain: where mail programs and other servers go. */
function serversOf(
  domain: string,
  exchangers: AuditRecord['exchangers'],
  setup: AuditRecord['setup'],
): Pick<AuditRecord, 'outgoing' | 'inbound'> {
  const first = 'value' in exchangers ? exchangers.value[0] : undefined
  const inbound = first === undefined || first === '' ? domain : first
  if (!('value' in setup)) return { outgoing: inbound, inbound }
  const { services, autoconfig } = setup.value
  const [told] = 'value' in autoconfig ? (autoconfig.value ?? []) : []
  return { outgoing: services[0]?.host ?? told?.host ?? inbound, inbound }
}

async function stsOf(domain: string, seeing: Seeing): Promise<SeenSts> {
  const records = await stsRecords(seeing.asking, domain)
  if (records.length !== 1) return { records }
  const page = await pageAt(`mta-sts.${domain}`, STS_PATH, seeing)
  return { records, policy: page ?? { broken: `mta-sts.${domain} has no address` } }
}

async function setupOf(domain: string, seeing: Seeing): Promise<SeenSetup> {
  const [services, page] = await Promise.all([
    servicesOf(seeing.asking, domain),
    pageAt(
      `autoconfig.${domain}`,
      `${AUTOCONFIG_PATH}?emailaddress=postmaster%40${domain}`,
      seeing,
    ),
  ])
  if (!page) return { services, autoconfig: { value: undefined } }
  if (!('value' in page)) return { services, autoconfig: page }
  if (page.value.status !== 200)
    return { services, autoconfig: { broken: `status ${page.value.status}` } }
  return { services, autoconfig: { value: outgoingOf(page.value.text) } }
}

/** Undefined where the name has no address. */
async function pageAt(
  name: string,
  path: string,
  { settings, asking, signal }: Seeing,
): Promise<Tried<WebPage> | undefined> {
  const found = await seen(must(name, asking.resolver.addresses(name)))
  if ('unknown' in found) return found
  const [address] = found.value.toSorted(
    (a, b) => Number(a.includes(':')) - Number(b.includes(':')),
  )
  if (address === undefined) return undefined
  const { https: port } = settings.ports ?? USUAL_PORTS
  const authorities = settings.authorities ?? []
  return webPage({ name, path, address, port, authorities, agent: 'cordon-audit' }, signal)
}

/** Rejects when the time is over; the work itself goes on unheard. */
function untilOver<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const end = () => reject(new Error('no time was left'))
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', end))
}
