// The web pages and the control socket: one for staff, one that takes orders, one for customers and for the postmasters whose mail was
// refused, one behind the walled garden.

import type { Config } from '../config/schema.ts'
import { wordsOf } from '../model/errors.ts'
import type { OwnLook } from '../model/own-look.ts'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { consoleApp } from '../doors/http/console-app.ts'
import { setupApp } from '../doors/http/client-setup/setup-app.ts'
import { logoFile } from '../drivers/identity/logo-file.ts'
import { profileSigner } from '../drivers/identity/profile-signer.ts'
import { CLIENT_SETUP, providerServers } from './client-setup.ts'
import { noticeApp } from '../doors/http/notice/notice-app.ts'
import { portalApp } from '../doors/http/portal-app.ts'
import { type HttpPlace, type HttpReports, openHttpDoor } from '../doors/http/server.ts'
import { operations } from '../drivers/metrics/operations.ts'
import type { DeliveryLoop } from '../drivers/delivery/delivery-loop.ts'
import type { DnsThread } from '../drivers/lookups/dns-thread.ts'
import type { WatchedDns } from '../drivers/lookups/watched-dns.ts'
import type { StoreHealth } from '../drivers/metrics/store-health.ts'
import { listReading } from './list-reading.ts'
import { reading } from './reading.ts'
import { bothQueues } from '../engine/intake/elsewhere/both-queues.ts'
import type { HeldElsewhere } from '../engine/intake/elsewhere/held-elsewhere.ts'
import type { RunningEngine } from '../engine/engine.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Reading } from '../ports/reading.ts'
import type { ProviderServers } from '../mail/client-setup/client-setup.ts'
import type { Reload } from '../ports/reload.ts'
import type { CustomersOwn } from './customers-own.ts'
import type { Directory } from './directory.ts'
import type { Doors } from './doors.ts'
import { networkStatus } from './network-status.ts'
import type { OpenPlace } from './place.ts'
import type { Scope } from './scope.ts'
import { sentenceOf } from './sentence-of.ts'
import type { Keys, Settings } from './settings.ts'
import type { Sensors } from './sensors.ts'
import type { Stores } from './stores.ts'
import { version } from './version.ts'
import type { World } from './world.ts'

export type PageNeeds = {
  readonly engine: RunningEngine
  readonly stores: Stores
  readonly directory: Directory
  readonly customers: CustomersOwn
  readonly network: readonly NetworkControl[]
  readonly elsewhere: HeldElsewhere
  readonly sensors: Sensors
  readonly doors: Doors
  readonly dns: Pick<WatchedDns, 'problem'> & Pick<DnsThread, 'figures'>
  readonly delivery: Pick<DeliveryLoop, 'refusedOwn'>
  readonly health: StoreHealth
  readonly reload: Reload
  readonly world: Pick<World, 'now' | 'trouble'>
}

export type Pages = { readonly places: readonly OpenPlace[]; readonly controlSocket: string }

const PAGES = {
  hostname: 'restart',
  provider: 'restart',
  portal: 'restart',
  language: 'restart',
  http: 'restart',
  dataFolder: 'restart',
} as const satisfies Keys
const CLOCK = { timeZone: 'live' } as const satisfies Keys
const CERTIFICATE = { certificate: 'live' } as const satisfies Keys
const READING = { leaseSkew: 'restart' } as const satisfies Keys
const EVIDENCE = { evidence: 'restart' } as const satisfies Keys
const OPERATOR = { alarms: 'restart' } as const satisfies Keys
export const PAGES_READ = [PAGES, CLOCK, READING, CERTIFICATE, CLIENT_SETUP, EVIDENCE, OPERATOR]

export async function openPages(
  scope: Scope,
  settings: Settings,
  needs: PageNeeds,
): Promise<Pages> {
  const { engine, stores, reload, world } = needs
  const { now, trouble } = world
  const { refusals, eventIndex } = stores
  const { command, explain } = engine
  const { hostname, http, dataFolder } = settings.of(PAGES).now
  // Read where the page is off as well: a reload names what waits for a restart.
  const servers = providerServers(settings.of(CLIENT_SETUP).now)
  const looking = readingOf(settings, needs)
  const operations = operationsOf(settings, needs)
  const hosts = [hostname, ...http.console.names].map(name => name.toLowerCase())
  const ends = { drain: (opened: { close(): Promise<void> }) => opened.close() }

  const reports = {
    untaken: (address: string) =>
      engine.report({ kind: 'client-not-reading', at: now(), door: 'http', address, ended: true }),
    trouble,
  }
  // The control socket closes after the doors: until then an order can still be given.
  const controlSocket = join(dataFolder, 'control.sock')
  const control = consoleApp({
    reading: looking,
    refusals,
    eventIndex,
    operations,
    now,
    trouble,
    hosts,
    command,
    explain,
    reload,
  })
  await scope.open(
    'control socket',
    () => openHttpDoor(control, { socket: controlSocket }, reports),
    {
      close: opened => opened.close(),
    },
  )
  // It reads alone: no order is taken from the network.
  const liveView = () =>
    consoleApp({ reading: looking, refusals, eventIndex, operations, now, trouble, hosts })
  const pages = [
    { part: 'console', words: 'live view', app: liveView },
    { part: 'portal', words: 'portal', app: () => portalOf(settings, looking, needs) },
    { part: 'notice', words: 'notice page', app: () => noticeOf(settings, needs) },
    { part: 'clientSetup', words: 'client set-up', app: () => setupOf(settings, servers) },
  ] as const
  const places: OpenPlace[] = []
  for (const { part, words, app } of pages) {
    const where = http[part]
    if (!where.on) continue
    const open = () => openPage(app(), { key: part, where, reports })
    const opened = await scope.open(part, open, ends)
    places.push(page(part, `${words} on http://${bracketed(where.address)}`, opened.port))
  }
  return { controlSocket, places }
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)

type WebPage = {
  readonly key: 'console' | 'portal' | 'notice' | 'clientSetup'
  readonly where: HttpPlace
  readonly reports: HttpReports
}

/** The operator may not have asked for it: what cannot be opened says how to do without. */
const openPage = (app: Hono, { key, where, reports }: WebPage) =>
  openHttpDoor(app, where, reports).catch((error: unknown) => {
    throw new Error(
      `${sentenceOf(error)} The setting is http.${key}.port; http.${key}.on: false does without.`,
      { cause: error },
    )
  })

/** The pages for customers, and for postmasters whose mail was refused. */
function portalOf(settings: Settings, looking: Reading, needs: PageNeeds) {
  const { engine, stores, directory, customers, doors, world } = needs
  const { now } = world
  const { refusals } = stores
  const { command, explain } = engine
  const listed = (entry: string) => engine.list?.find(entry)
  const { provider, portal, language, http } = settings.of(PAGES).now
  const clockOnTheWall = settings.of(CLOCK)
  return portalApp({
    reading: looking,
    credentials: directory.credentials,
    brake: doors.brake,
    factors: customers.factors,
    command,
    report: engine.report,
    provider,
    language,
    timeZone: () => clockOnTheWall.now.timeZone,
    look: lookOf(http, world),
    proxies: http.portal.proxies,
    trouble: words => world.trouble(words, 'http.portal.proxies'),
    why: {
      refusals,
      listed,
      explain,
      now,
      provider,
      postmaster: `postmaster@${directory.ourDomain}`,
      portal,
    },
    now,
  })
}

/** The page of the walled garden. */
function noticeOf(settings: Settings, { directory, stores, world }: PageNeeds) {
  const { provider, portal, language, http } = settings.of(PAGES).now
  const clockOnTheWall = settings.of(CLOCK)
  const { proxies, publicAddress, phone } = http.notice
  return noticeApp({
    leases: directory.leases,
    subscribers: directory.subscribers,
    cases: stores.ledger.cases,
    provider,
    portal,
    language,
    timeZone: () => clockOnTheWall.now.timeZone,
    proxies,
    publicAddress,
    phone,
    portalAddress: http.refusalPages,
    look: lookOf(http, world),
  })
}

const lookOf = (
  { look: { colour, logo, words } }: Config['http'],
  { trouble }: Pick<World, 'trouble'>,
): OwnLook => ({
  colour,
  words,
  logo: logoFile(logo, {
    tell: problem =>
      trouble(`${problem}; the pages go on with the picture as it was`, 'http.look.logo'),
  }),
})

/** The set-up of mail programs. */
function setupOf(settings: Settings, servers: ProviderServers) {
  const { language } = settings.of(PAGES).now
  const files = settings.of(CERTIFICATE)
  return setupApp({
    settings: servers,
    signer: profileSigner(() => files.now.certificate),
    language,
  })
}

const page = (kind: string, where: string, port: number): OpenPlace => ({
  kind,
  port,
  status: `${where}:${port}/`,
})

/** The pages and data that staff may look at. */
function readingOf(settings: Settings, needs: PageNeeds) {
  const { engine, stores, directory, customers, network, elsewhere, world } = needs
  const { cases, notices, audit, customers: kept, leaseRows } = stores.ledger
  const { leaseSkew } = settings.of(READING).now
  return reading({
    cases,
    notices,
    audit,
    customers: kept,
    leaseRows,
    spool: bothQueues(stores.spool, elsewhere),
    subscribers: directory.subscribers,
    leases: directory.leases,
    routers: network,
    credentials: directory.credentials,
    optOuts: customers.optOuts,
    off: customers.off,
    factors: customers.factors,
    rollouts: () => engine.rollouts?.report(world.now()) ?? [],
    network: () => networkStatus(needs),
    complaints: () => engine.complaints?.all() ?? [],
    abuseReporting: () => engine.abuseReporting?.(),
    list: engine.list && listReading(engine.list),
    networkCheck: () => engine.checkNetwork(),
    episodes: subject =>
      engine.episodes(subject, world.now()).catch(error => ({ failed: wordsOf(error) })),
    events: stores.events,
    skew: leaseSkew,
    shared: directory.shared,
  })
}

/** What the operator is not told by mail. */
const ownFaults = (
  operators: readonly string[],
  delivery: Pick<DeliveryLoop, 'refusedOwn'>,
): readonly string[] =>
  operators.flatMap(address => {
    const words = delivery.refusedOwn(address)
    return words === undefined ? [] : [`alarms to ${address} are refused: ${words}`]
  })

/** What is measured. */
function operationsOf(settings: Settings, needs: PageNeeds) {
  const { engine, stores, sensors, doors, dns, delivery, health, world, network } = needs
  const { mail: operators } = settings.of(OPERATOR).now.alarms
  return operations({
    spool: stores.spool,
    cases: stores.ledger.cases,
    health,
    connections: doors.connections,
    listed: () => engine.list?.size,
    dns: () => dns.figures(),
    faults: async () => [
      ...ownFaults(operators, delivery),
      ...network.flatMap(driver => {
        const words = driver.failure?.()
        return words === undefined ? [] : [`router ${driver.name}: ${words}`]
      }),
      ...[await dns.problem()].filter(one => one !== undefined),
    ],
    certificates: doors.certificateDates,
    counted: [...sensors.counted, ...doors.counted],
    tellers: () => sensors.network().tellers,
    observes: settings.of(EVIDENCE).now.evidence.mode === 'observe',
    worries: () => networkStatus(needs).worries.length,
    version: version(),
    startedAt: world.now(),
    listen: listener => void stores.events.listen(listener),
    now: world.now,
  })
}
