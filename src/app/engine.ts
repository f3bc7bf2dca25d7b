// The engine: pure rules inside, ports around. Its last reports are carried out before the stores close.

import { episodesOf } from '../config/episodes-of.ts'
import { ArchiveLister } from '../drivers/archives/archive-lister.ts'
import { messageAuthenticator } from '../drivers/authentication/message-authenticator.ts'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import { leftBetween } from '../drivers/directory/left-behind.ts'
import type { Dns } from '../drivers/lookups/node-resolver.ts'
import { randomNames } from '../drivers/names/random-names.ts'
import { scannerOf } from '../drivers/scanners/scanner-of.ts'
import { createEngine, type RunningEngine } from '../engine/engine.ts'
import type { EngineParts, EngineSettings } from '../engine/engine-parts.ts'
import type { FeedbackSettings } from '../engine/evidence/complaint-weight.ts'
import { type LoggedRow, LoggedRows } from '../engine/intake/logged-rows.ts'
import type { ToldContact } from '../engine/letters/abuse/abuse-reports.ts'
import type { HeldElsewhere } from '../engine/intake/elsewhere/held-elsewhere.ts'
import type { ListSettings } from '../engine/network/published-list.ts'
import type { Feed } from '../engine/orders/order-parts.ts'
import type { SigningKeys } from '../mail/dkim-sign.ts'
import { organisationalDomain } from '../mail/organisational-domain.ts'
import { parsePrefix } from '../model/ip.ts'
import { isStranger } from '../model/lease.ts'
import { foldAddress } from '../model/mail-address.ts'
import type { Sighting } from '../model/sighting.ts'
import type { Archives } from '../ports/archives.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Scanner } from '../ports/scanner.ts'
import type { Sessions } from '../ports/sessions.ts'
import type { Alarms } from './alarms.ts'
import type { CustomersOwn } from './customers-own.ts'
import type { Directory } from './directory.ts'
import { type Leaving, leaving } from './leaving.ts'
import type { Policy } from './policy.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'
import { readingTurns } from '../wire/reading-turns.ts'

export type EngineNeeds = {
  readonly world: World
  readonly stores: Stores
  readonly directory: Directory
  readonly dns: Dns
  readonly policy: Policy
  readonly customers: CustomersOwn
  readonly alarms: Alarms | undefined
  readonly network: readonly NetworkControl[]
  readonly elsewhere: HeldElsewhere
  readonly sessions: Sessions
  readonly dkim: SigningKeys
  readonly scanner: Scanner | undefined
}

const ENGINE = {
  hostname: 'restart',
  provider: 'restart',
  portal: 'restart',
  passwordsAt: 'restart',
  giveUpAfter: 'restart',
  budgets: 'restart',
  evidence: 'restart',
  nftables: 'restart',
  http: 'restart',
  scanner: 'restart',
  scanners: 'restart',
} as const satisfies Keys
const TRAPS = { traps: 'live' } as const satisfies Keys
const NAMED = { subscribers: 'live' } as const satisfies Keys
const DOMAINS = { domains: 'restart' } as const satisfies Keys
const CLOCK = { timeZone: 'live' } as const satisfies Keys
const LIST = { list: 'restart' } as const satisfies Keys
const FEEDBACK = { feedback: 'live' } as const satisfies Keys
const WIDEST = { strangers: 'live' } as const satisfies Keys
const LOGS = { mailLog: 'restart' } as const satisfies Keys
export const ENGINE_READS = [ENGINE, LOGS, TRAPS, NAMED, DOMAINS, CLOCK, LIST, FEEDBACK, WIDEST]

export async function openEngine(
  scope: Scope,
  settings: Settings,
  needs: EngineNeeds,
): Promise<RunningEngine> {
  const list = () => new ArchiveLister(needs.world.trouble)
  const archives = await scope.open('archives', list, { close: one => one.close() })
  const start = async () => {
    const logged = await loggedRows(settings, needs)
    const abuse = await abuseOf(settings, needs)
    const engine = engineOf(settings, { needs, archives, logged, abuse })
    await engine.ready
    return engine
  }
  return scope.open('engine', start, { close: engine => engine.idle() })
}

type AbuseOthers = NonNullable<EngineParts['abuse']>

type EngineStart = {
  readonly needs: EngineNeeds
  readonly archives: Archives
  readonly logged: LoggedRows | undefined
  readonly abuse: AbuseOthers
}

/** Of messages that a log tells of, or a door was asked about whose log is read. */
async function loggedRows(
  settings: Settings,
  { stores }: EngineNeeds,
): Promise<LoggedRows | undefined> {
  if (!settings.of(LOGS).now.mailLog) return undefined
  return new LoggedRows(await ledgerRecords<LoggedRow>(stores.ledger.records, 'logged-mail'))
}

/** Machines of other networks, and whom to tell; a reload names others. */
async function abuseOf(settings: Settings, { stores }: EngineNeeds): Promise<AbuseOthers> {
  const { records } = stores.ledger
  const read = ({ feedback: { reports } }: Chosen<typeof FEEDBACK>) =>
    reports.map(({ networks, ...one }) => ({
      ...one,
      networks: networks.flatMap(network => parsePrefix(network) ?? []),
    }))
  const { now } = settings.of(FEEDBACK, next => {
    const replacement = read(next)
    return () => void (current = replacement)
  })
  let current = read(now)
  return {
    contacts: () => current,
    records: await ledgerRecords<Sighting>(records, 'sighting'),
    told: await ledgerRecords<ToldContact>(records, 'abuse-contact'),
  }
}

function engineOf(
  settings: Settings,
  { needs, archives, logged, abuse }: EngineStart,
): RunningEngine {
  const { world, stores, directory, policy, customers, network, sessions } = needs
  const { ledger, counters, spool, events } = stores
  const { subscribers, leases, recipients, credentials } = directory
  const { now, trouble } = world
  const config = settings.of(ENGINE).now
  const following = hearOfReloads(needs, moved => followCustomers(engine, world, moved))
  const engine: RunningEngine = createEngine({
    rules: policy.rules,
    lookups: policy.lookups,
    counters,
    states: counters.states,
    cases: ledger.cases,
    changes: ledger.changes,
    records: ledger.records,
    notices: ledger.notices,
    audit: ledger.audit,
    leaseRows: ledger.leaseRows,
    spool,
    elsewhere: needs.elsewhere,
    logged,
    leases,
    subscribers,
    recipients,
    credentials,
    scanner: needs.scanner ?? scannerOf(config, trouble),
    authenticator: messageAuthenticator({ ourName: config.hostname, dns: needs.dns }),
    archives,
    readings: readingTurns(),
    sessions,
    network,
    journal: events,
    names: randomNames(),
    optOut: customers.engine.optOut,
    factors: customers.factors,
    rollout: customers.engine.rollout,
    off: customers.engine.off,
    complaints: { rows: customers.engine.complaints, events: stores.eventIndex },
    feed: feedInto(settings, needs, following),
    inTurn: directory.inTurn,
    list: listOf(settings),
    alarms: needs.alarms?.outbox,
    abuse,
    dmarcSeen: policy.dmarc.seen,
    rotateDkim: at => stores.keys.dkim.rotate(at),
    now,
    settings: settingsOf(settings, needs),
    trouble,
  })
  policy.onRules(engine.replaceRules)
  const { rollouts, list, sightings } = engine
  if (rollouts) events.listenTo('egress-attempt', event => rollouts.hear(event))
  if (list) events.listenTo('step-judged', event => list.hear(event))
  if (sightings) events.listenTo('decoy-mail', event => sightings.decoy(event))
  return engine
}

function settingsOf(
  settings: Settings,
  { stores, directory, dkim }: Pick<EngineNeeds, 'stores' | 'directory' | 'dkim'>,
): EngineSettings {
  const config = settings.of(ENGINE).now
  return {
    node: stores.node,
    ourName: config.hostname,
    mailDomain: directory.ourDomain,
    provider: config.provider,
    portal: config.portal,
    passwordsAt: config.passwordsAt,
    timeZone: clockOnTheWall(settings),
    secret: stores.keys.secret,
    expireAfter: config.giveUpAfter,
    budgets: config.budgets,
    observes: config.evidence.mode === 'observe',
    episodes: episodesOf(config),
    isolateByMail: config.evidence.isolateByMail,
    redirectsToUs: config.nftables.some(one => one.redirect25 === 'our-server'),
    traps: trapsOf(settings),
    feedback: feedbackOf(settings),
    dkim,
    ...pagesOf(config),
  }
}

type Following = { readonly leave: Leaving; readonly follow: (moved?: Iterable<string>) => void }

/** What follows when there are other customers than before; of a reload it is done from here. */
function hearOfReloads(
  { directory, sessions, customers: { factors }, world: { trouble } }: EngineNeeds,
  follow: Following['follow'],
): Following {
  const leave = leaving({ credentials: directory.credentials, factors, sessions })
  directory.onTaken(({ logins, left, moved }) => {
    for (const login of logins) sessions.cut(login)
    follow(moved)
    return leave(left).catch(error => trouble(error, 'removing the secrets of those who are gone'))
  })
  return { leave, follow }
}

/** Other customers than before: what is enforced on customers that are gone ends, and the network is brought in line. */
function followCustomers(
  { chores, list }: RunningEngine,
  { now, trouble }: World,
  moved: Iterable<string> = [],
): void {
  for (const subscriber of moved) list?.refresh(subscriber)
  chores.reconcile().catch(error => trouble(error, 'reconciling the network'))
  chores
    .customersGone(now())
    .catch(error => trouble(error, 'ending cases of customers who are gone'))
}

const pagesOf = ({ http: { refusalPages } }: Chosen<typeof ENGINE>) =>
  refusalPages ? { refusalPages: `${refusalPages}why/` } : {}

function clockOnTheWall(settings: Settings): () => string {
  const clock = settings.of(CLOCK)
  return () => clock.now.timeZone
}

function listOf(settings: Settings): ListSettings | undefined {
  const { list } = settings.of(LIST).now
  if (!list) return undefined
  const { realm, privateAddresses, consumers, domains } = list
  const strangers = settings.of(WIDEST)
  return {
    realm,
    privateAddresses,
    consumers,
    domains,
    widest: () => strangers.now.strangers.rogueDomain.widest,
  }
}

/** Addresses that no customer was ever given, as they are configured now. */
function trapsOf(settings: Settings): () => ReadonlySet<string> {
  const folded = (traps: readonly string[]) => new Set(traps.map(foldAddress))
  const { now } = settings.of(TRAPS, next => {
    const replacement = folded(next.traps)
    return () => void (current = replacement)
  })
  let current = folded(now.traps)
  return () => current
}

function feedbackOf(settings: Settings): () => FeedbackSettings {
  const read = ({ feedback: { reference, loops } }: Chosen<typeof FEEDBACK>) => ({
    reference,
    loops: new Set(loops.map(organisationalDomain)),
  })
  const { now } = settings.of(FEEDBACK, next => {
    const replacement = read(next)
    return () => void (current = replacement)
  })
  let current = read(now)
  return () => current
}

/** Customers that the provider's own systems tell of, beside those of the configuration. */
function feedInto(
  settings: Settings,
  { stores: { ledger }, directory }: Pick<EngineNeeds, 'stores' | 'directory'>,
  { leave, follow }: Following,
): Feed {
  const own = settings.of(NAMED)
  const domains = settings.of(DOMAINS)
  return {
    named: () => own.now.subscribers.map(one => one.id),
    domains: () => domains.now.domains,
    ownerless: () => {
      // A customer of the file may wait for a restart, and their lease with them.
      const named = new Set(own.now.subscribers.map(one => one.id))
      return Array.from(directory.leases.all()).filter(
        one =>
          one.to === undefined &&
          !isStranger(one) &&
          !named.has(one.subscriber) &&
          !directory.subscribers.get(one.subscriber),
      )
    },
    take: async ({ changed, gone, told }) => {
      await directory.toldElsewhere(told)
      if (changed.length + gone.length === 0) return
      const { subscribers } = directory
      const ids = [...changed.map(one => one.id), ...gone]
      const before = ids.flatMap(id => subscribers.get(id) ?? [])
      await ledger.customers.changeSubscribers({ changed, gone })
      // Not the ledger's: of a reload memory may have what could not be written yet.
      const all = new Map(Array.from(subscribers.all(), one => [one.id, one]))
      for (const one of changed) all.set(one.id, one)
      for (const id of gone) all.delete(id)
      subscribers.replace(all.values())
      follow()
      await leave(leftBetween(before, id => subscribers.get(id)))
    },
  }
}
