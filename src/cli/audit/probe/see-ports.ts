// The ports of a host's two servers, one after the other: at the address that a client would take first, then at each other one, and at the other
// exchangers of the domain. Each may be another machine with other rules: an open relay is often the one that was forgotten.

import {
  AUDIT_PORTS,
  type AuditAnswer,
  type AuditPort,
  type AuditRecord,
  type Elsewhere,
  type SeenPort,
} from '../record.ts'
import { USUAL_PORTS } from './audit-settings.ts'
import { NO_WAY } from './dialled.ts'
import { must, reverseNames, seen, tlsaOf } from './dns-facts.ts'
import { relayForbidden } from './relay-test.ts'
import type { Seeing } from './seeing.ts'
import { seePort } from './smtp-port.ts'

export type AskedServer = {
  readonly host: string
  readonly addresses: AuditAnswer<readonly string[]>
}
type AskedServers = {
  /** Where customers hand over mail. */
  readonly outgoing: AskedServer
  /** Where others do. */
  readonly inbound: AskedServer
  /** Of the outgoing one. */
  readonly reverse: AuditRecord['reverse']
  /** Other exchangers of the domain. */
  readonly exchangers: readonly string[]
  readonly domain: string
}
type SeenPorts = Pick<AuditRecord, 'ports' | 'relayForbidden' | 'elsewhere' | 'unreached'>
type Ports = AuditRecord['ports']
type Visit = (port: AuditPort, server: AskedServer, mayTestRelay: boolean) => Promise<SeenPort>

/** Places beside the first; what is more is said to be not asked. */
const MAX_ELSEWHERE = 6

export async function seePorts(servers: AskedServers, seeing: Seeing): Promise<SeenPorts> {
  const { outgoing, inbound, exchangers } = servers
  const visit = visitor(seeing)
  const forbidden = await whyNoRelayTest(servers, seeing)
  const found: Partial<Record<number, SeenPort>> = {}
  for (const port of AUDIT_PORTS)
    found[port] = await visit(port, port === 25 ? inbound : outgoing, forbidden === undefined)
  const ports = found as Ports
  const elsewhere: Elsewhere[] = []
  const unreached: string[] = []
  for (const [address, asked] of otherAddresses(servers, ports)) {
    const there: Partial<Record<number, SeenPort>> = {}
    for (const port of asked) {
      const { host } = port === 25 ? inbound : outgoing
      const server = { host, addresses: { value: [address] } }
      there[port] = isTooMany(elsewhere)
        ? NOT_ASKED
        : await visit(port, server, forbidden === undefined)
    }
    if (Object.values(there).every(hasNoWay)) unreached.push(address)
    else
      elsewhere.push({ place: address, ports: { ...ports, ...there }, ...forbiddenBy(forbidden) })
  }
  for (const host of exchangers)
    elsewhere.push(await atExchanger(host, ports, { servers, seeing, visit, elsewhere }))
  return { ports, elsewhere, unreached, ...forbiddenBy(forbidden) }
}

const NOT_ASKED: SeenPort = { kind: 'unknown', words: 'not asked: it has too many addresses' }
const isTooMany = (elsewhere: readonly Elsewhere[]): boolean => elsewhere.length >= MAX_ELSEWHERE
const hasNoWay = (port: SeenPort | undefined): boolean =>
  port?.kind === 'unknown' && port.words.endsWith(NO_WAY)
const forbiddenBy = (why: string | undefined) => (why === undefined ? {} : { relayForbidden: why })

/** Those that were not answered at, and the ports that are theirs; none of a port that is nowhere taken. */
function otherAddresses(
  { outgoing, inbound }: AskedServers,
  ports: Ports,
): ReadonlyMap<string, readonly AuditPort[]> {
  const others = new Map<string, AuditPort[]>()
  for (const port of AUDIT_PORTS) {
    const first = ports[port]
    if (first.kind !== 'open' && first.kind !== 'refuses') continue
    const all = known(port === 25 ? inbound : outgoing)
    for (const address of all)
      if (address !== first.address) others.set(address, [...(others.get(address) ?? []), port])
  }
  return others
}

async function atExchanger(
  host: string,
  ports: Ports,
  {
    servers,
    seeing,
    visit,
    elsewhere,
  }: {
    readonly servers: AskedServers
    readonly seeing: Seeing
    readonly visit: Visit
    readonly elsewhere: readonly Elsewhere[]
  },
): Promise<Elsewhere> {
  const { asking } = seeing
  const place = { place: host, inbound: host }
  if (isTooMany(elsewhere)) return { ...place, ports: { ...ports, 25: NOT_ASKED } }
  const addresses = await seen(must(host, asking.resolver.addresses(host)))
  const server = { host, addresses }
  const reverse = await seen(reverseNames(asking, known(server)))
  const why = await whyNoRelayTest({ outgoing: server, inbound: server, reverse }, seeing)
  const tlsa = await tlsaOf(asking, host, servers.domain)
  const seen25 = await visit(25, server, why === undefined)
  return { ...place, ports: { ...ports, 25: seen25 }, tlsa, ...forbiddenBy(why) }
}

async function whyNoRelayTest(
  { outgoing, inbound, reverse }: Pick<AskedServers, 'outgoing' | 'inbound' | 'reverse'>,
  { asking, settings }: Seeing,
): Promise<string | undefined> {
  const ofInbound =
    inbound.host === outgoing.host ? reverse : await seen(reverseNames(asking, known(inbound)))
  const names = [reverse, ofInbound].flatMap(found => ('value' in found ? found.value : []))
  const addresses = [...new Set([...known(outgoing), ...known(inbound)])]
  const target = { host: outgoing.host, addresses, reverse: names }
  return relayForbidden(target, settings.ownNetworks, asking.resolver)
}

const known = ({ addresses }: AskedServer): readonly string[] =>
  'value' in addresses ? addresses.value : []

function visitor({ settings, turnOf, until }: Seeing): Visit {
  // To wait for hosts of the same address takes nothing of its time.
  let left = Math.max(1, until - performance.now())
  return async (port, server, mayTestRelay) => {
    const { host, addresses } = server
    if ('unknown' in addresses) return { kind: 'unknown', words: addresses.unknown }
    const target = {
      port,
      at: (settings.ports ?? USUAL_PORTS)[port],
      host,
      addresses: addresses.value,
      ourName: settings.ourName,
      patience: settings.patience,
      authorities: settings.authorities ?? [],
      mayTestRelay,
    }
    return turnOf(addresses.value.toSorted()[0] ?? '')(async () => {
      const began = performance.now()
      const answered = await seePort(target, AbortSignal.timeout(Math.ceil(left)))
      left = Math.max(1, left - (performance.now() - began))
      return answered
    })
  }
}
