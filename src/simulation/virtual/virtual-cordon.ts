// Cordon without sockets, threads, disk or wall clock: the real engine on memory drivers. The same town lives in it as
// in the neighbourhood, a thousand times faster, and the same seed gives the same journal to the byte.

import type { Budgets } from '../../core/detection/sum.ts'
import type { Rule } from '../../core/policy/rule.ts'
import { type PolicySettings, shippedRules } from '../../core/policy/shipped-rules.ts'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import { memoryStates } from '../../drivers/counters/memory-states.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { onlyRecipients } from '../../drivers/lookups/only-recipients.ts'
import { configuredRecipients } from '../../drivers/directory/recipients-configured.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import { ledgerRecords } from '../../drivers/ledger/ledger-records.ts'
import { openLedger } from '../../drivers/ledger/ledger-sql.ts'
import { directSpool } from '../../drivers/spool/spool-direct.ts'
import {
  areStoresSlow,
  slowCounters,
  slowLedger,
  slowSpool,
  slowStates,
} from '../../drivers/slow/slow-stores.ts'
import { openSqlite } from '../../drivers/sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../../drivers/sqlite/sqlite-dialect.ts'
import { batv } from '../../mail/batv.ts'
import { createEngine, type RunningEngine } from '../../engine/engine.ts'
import type { LoggedRows } from '../../engine/intake/logged-rows.ts'
import type { HeldElsewhere } from '../../engine/intake/elsewhere/held-elsewhere.ts'
import type { EngineParts, EngineSettings } from '../../engine/engine-parts.ts'
import type { EpisodeMode, IsolationsByMail } from '../../model/episode.ts'
import type { Restriction } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Complaint } from '../../model/complaint.ts'
import type { Event } from '../../model/event.ts'
import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Archives } from '../../ports/archives.ts'
import type { Authentication } from '../../model/authentication.ts'
import type { Authenticator } from '../../ports/authenticator.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Lookups } from '../../ports/lookups.ts'
import type { Credentials } from '../../ports/credentials.ts'
import type { EventKey, EventsFound } from '../../ports/event-index.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Names } from '../../ports/names.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Readings } from '../../ports/readings.ts'
import type { Scanner } from '../../ports/scanner.ts'
import type { SecondFactors } from '../../ports/second-factor.ts'
import type { Sessions } from '../../ports/sessions.ts'
import type { Spool } from '../../ports/spool.ts'
import type { SubjectState } from '../../ports/subject-state.ts'

const OUR_NAME = 'mail.isp.example'
const SECRET = 'the same for every run'

type NamedServer = { readonly address: string; readonly domain: string }

export type VirtualSettings = {
  readonly subscribers: readonly Subscriber[]
  readonly leases: readonly Lease[]
  readonly domains: readonly string[]
  readonly forwards: Readonly<Record<string, readonly string[]>>
  readonly scanner: Scanner
  readonly policy: Omit<PolicySettings, 'isLocal' | 'isOurs' | 'ourNames' | 'tags'>
  readonly budgets: Budgets
  readonly now: () => number
  /** Throws by default. */
  readonly trouble?: (error: unknown, about: string) => void
  /** Addresses that no person was ever given. */
  readonly traps?: readonly string[]
  /** Without them there is no DNS and no store that fails. */
  readonly lookups?: Lookups
  /** Servers outside whose name leads back to them. */
  readonly named?: readonly NamedServer[]
  readonly authenticator?: Authenticator
  /** Without it no archive can be read. */
  readonly archives?: Archives
  readonly counters?: Counters
  readonly states?: SubjectState
  /** As shipped by default: they decide. */
  readonly episodes?: EpisodeMode
  readonly isolateByMail?: IsolationsByMail
  /** Nothing is restricted by evidence. */
  readonly observes?: boolean
  /** One in memory by default. */
  readonly ledger?: Ledger
  /** Counting ones by default; not over a ledger that has a past. */
  readonly names?: Names
  /** A spool of its own by default. */
  readonly spool?: Spool
  /** What other servers hold; nothing by default. */
  readonly elsewhere?: HeldElsewhere
  /** Where a log of another mail server is read. */
  readonly logged?: LoggedRows
  /** Without them no line is connected, and routers are in memory. */
  readonly sessions?: Sessions
  readonly routers?: readonly NetworkControl[]
  /** Without them no customer has a second factor. */
  readonly factors?: SecondFactors
  /** Feedback loops that staff have named. */
  readonly loops?: readonly string[]
  /** Where the operator is told; nowhere without it. */
  readonly alarms?: EngineParts['alarms']
  /** Other networks that are told of their machines; none without it. */
  readonly abuse?: EngineParts['abuse']
}

export type VirtualCordon = {
  readonly engine: RunningEngine
  readonly ledger: Ledger
  readonly spool: Spool
  readonly journal: readonly Event[]
  /** What the network holds now. */
  readonly network: () => readonly Restriction[]
  close(): Promise<void>
}

export async function virtualCordon(settings: VirtualSettings): Promise<VirtualCordon> {
  const { ledger, spool, counters, states } = await storesOf(settings)
  const subscribers = memorySubscribers(settings.subscribers)
  const recipients = configuredRecipients(
    {
      domains: settings.domains,
      forwards: settings.forwards,
      mailboxes: [],
      hostname: OUR_NAME,
      recipientDelimiter: '+',
    },
    subscribers,
  )
  const network = memoryNetwork()
  const journal: Event[] = []
  const { cases, changes, records, notices, audit, leaseRows } = ledger
  const engine = createEngine({
    rules: rulesOf(settings, recipients),
    counters,
    states,
    cases,
    changes,
    records,
    notices,
    audit,
    leaseRows,
    spool,
    ...(settings.factors ? { factors: settings.factors } : {}),
    ...(settings.alarms ? { alarms: settings.alarms } : {}),
    ...(settings.abuse ? { abuse: settings.abuse } : {}),
    ...(settings.elsewhere ? { elsewhere: settings.elsewhere } : {}),
    leases: memoryLeases(settings.leases),
    subscribers,
    recipients,
    credentials: noLogins,
    lookups: settings.lookups ?? withNames(onlyRecipients(recipients), settings.named),
    scanner: settings.scanner,
    authenticator: settings.authenticator ?? noDns,
    archives: settings.archives ?? noLister,
    readings: AT_ONCE,
    sessions: settings.sessions ?? NO_SESSIONS,
    ...(settings.logged ? { logged: settings.logged } : {}),
    network: settings.routers ?? [network],
    journal: { write: event => void journal.push(event) },
    complaints: await complaintsIn(ledger, journal),
    names: settings.names ?? countingNames(),
    now: settings.now,
    settings: engineSettings(settings),
    trouble: settings.trouble ?? thrown,
  })
  return {
    engine,
    ledger,
    spool,
    journal,
    network: network.entries,
    close: async () => {
      // What it reads as it begins is read before the store is closed.
      await engine.ready.catch(() => undefined)
      await spool.close()
      await ledger.close()
    },
  }
}

const complaintsIn = async ({ records }: Ledger, journal: readonly Event[]) => ({
  rows: await ledgerRecords<Complaint>(records, 'complaint'),
  events: { find: async (about: EventKey) => eventsOf(journal, about) },
})

/** Messages by their name: what complaints are traced by. */
function eventsOf(journal: readonly Event[], about: EventKey): EventsFound {
  const events = journal.filter(
    event => event.kind === 'tx-commit' && about === `message:${event.message}`,
  )
  return { events, truncated: false, unreadable: [] }
}

const withNames = (lookups: Lookups, named: readonly NamedServer[] = []): Lookups => ({
  ask: async question => {
    if (question.about !== 'organisation') return lookups.ask(question)
    const server = named.find(({ address }) => address === question.address)
    return { about: 'organisation', value: server?.domain ?? '' }
  },
})

const thrown = (error: unknown): never => {
  throw error
}

async function storesOf({ ledger, spool, counters, states }: VirtualSettings) {
  const slow = areStoresSlow(process.env)
  const memory = new MemoryCounters()
  return {
    ledger: ledger ?? (slow ? slowLedger(await memoryLedger()) : await memoryLedger()),
    spool: spool ?? (slow ? slowSpool(directSpool()) : directSpool()),
    counters: counters ?? (slow ? slowCounters(memory) : memory),
    states: states ?? (slow ? slowStates(memoryStates(memory)) : memoryStates(memory)),
  }
}

const rulesOf = ({ policy, domains }: VirtualSettings, recipients: Recipients): readonly Rule[] =>
  shippedRules({
    ...policy,
    isLocal: domain => recipients.isLocal(domain),
    isOurs: address => recipients.isOurs(address),
    ourNames: [OUR_NAME, ...domains],
    tags: batv(SECRET),
  })

function engineSettings({
  domains,
  budgets,
  traps,
  episodes = 'decide',
  isolateByMail = 'observe',
  observes = false,
  loops = [],
}: VirtualSettings): EngineSettings {
  const trapped = new Set(traps)
  const feedback = { reference: false, loops: new Set(loops) }
  return {
    node: 'virtual',
    ourName: OUR_NAME,
    mailDomain: domains[0] ?? 'isp.example',
    provider: 'Example Net',
    portal: 'the portal',
    timeZone: () => 'UTC',
    secret: SECRET,
    expireAfter: 5 * DAY,
    budgets,
    episodes,
    isolateByMail,
    observes,
    dkim: undefined,
    traps: () => trapped,
    feedback: () => feedback,
  }
}

const NO_DOMAIN: Authentication = Object.freeze({
  spf: { result: 'none', domain: '' },
  dkim: [],
  dmarc: { result: 'none', domain: '', policy: 'none' },
  arc: { result: 'none' },
  header: '',
} as const)
/** There is no DNS here: no name has a record. */
const noDns: Authenticator = { check: async () => NO_DOMAIN }

const noLister: Archives = {
  list: async () => ({
    names: [],
    encrypted: false,
    unlisted: { archive: 'nothing lists archives here' },
  }),
}

export const memoryLedger = (): Promise<Ledger> =>
  openLedger(nodeSqliteDialect(openSqlite(':memory:')))

function memoryNetwork(): NetworkControl & { entries: () => readonly Restriction[] } {
  let held: Restriction[] = []
  const key = (entry: Restriction) =>
    `${entry.realm} ${entry.prefix} ${entry.ports?.join('-') ?? ''}`
  const without = (gone: readonly Restriction[]) =>
    held.filter(entry => !gone.some(one => key(one) === key(entry)))
  return {
    name: 'memory',
    entries: () => held,
    apply: async entries => {
      held = [...without(entries), ...entries]
    },
    revoke: async entries => {
      held = without(entries)
    },
    fits: () => true,
    list: async () => held,
  }
}

function countingNames(): Names {
  let n = 0
  const next = (letter: string) => `${letter}${String(++n).padStart(6, '0')}`
  return { message: () => next('M'), record: () => next('r'), caseCode: () => next('C') }
}

/** No login is checked here: the population is known by its lines. */
const noLogins: Credentials = {
  verify: async () => ({ ok: false, why: 'unknown' }),
  salted: async () => ({ salt: '', iterations: 4096 }),
  prove: async () => ({ ok: false, why: 'unknown' }),
  verifyPortal: async () => false,
  portalMark: () => undefined,
  setPassword: async () => undefined,
  appPasswords: () => [],
  appPassword: () => undefined,
  addAppPassword: async () => '',
  removeAppPassword: async () => undefined,
}

const NO_SESSIONS: Sessions = { cut: () => undefined }

const AT_ONCE: Readings = {
  run: (_turn, work) => work(),
  begin: (_turn, work) => work(),
  header: () => undefined,
}
