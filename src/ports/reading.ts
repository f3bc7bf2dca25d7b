// What the console and the portal may look at. Reading only: changes are made by orders.

import type { AppPassword } from '../model/app-password.ts'
import type { Complaint } from '../model/complaint.ts'
import type { Decision } from '../model/decision.ts'
import type { Event } from '../model/event.ts'
import type { EpisodeSubject, EpisodeView } from '../model/episode.ts'
import type { LedgerRow, Subject } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
import type { AbuseReporting } from '../model/gathered-report.ts'
import type { Holder, Lease } from '../model/lease.ts'
import type { ListedNow } from '../model/listed-now.ts'
import type { OptOut } from '../model/opt-out.ts'
import type { Port25Use, RolloutPart, RolloutState, UseKind } from '../model/rollout.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { Page, PageAsked } from '../model/page.ts'
import type { AuditFilter, AuditRow } from './audit.ts'
import type { IncidentFilter } from './cases.ts'
import type { NoticeRow } from './notices.ts'
import type { QueueFilter, QueueRow } from './spool.ts'

export type WhoAsked = {
  readonly realm: string
  readonly address: string
  readonly port?: number
  /** Now without it: answered as the doors are answered. */
  readonly at?: number
}

export type DriverState = {
  readonly name: string
  readonly off: boolean
  readonly entries?: number
  readonly failed?: string
  /** What staff should know of it, as in `NetworkStatus`. */
  readonly worry?: string
}

/** Of an address whose holder is in doubt now: each customer who may have it, why that is not sure, and what is enforced there all the same. */
export type Doubt = {
  readonly subscriber: string
  readonly prefix: string
  readonly why: string
  readonly enforced: readonly string[]
}
export type WhoAnswer = Holder & { readonly doubts?: readonly Doubt[] }

/** `shared`: addresses that other customers have, too. */
export type ListedSubscriber = Subscriber & {
  readonly shared?: readonly { readonly address: string; readonly others: readonly string[] }[]
}

/** An exporter of flow records, and one of its observation domains. */
export type FlowExporter = {
  readonly name: string
  readonly domain: number
  /** What its sequence numbers count. */
  readonly unit: 'records' | 'packets'
  /** Of that unit, since it was heard first. */
  readonly heard: number
  readonly lost: number
  readonly templates: number
  /** How long ago (ms) it told a template last; undefined where it never did. */
  readonly templateAge?: number
  /** Templates that records came of, and that it has not told. */
  readonly waiting: readonly number[]
}

/** Which tellers tell of the network, and what an operator has to look at. */
export type NetworkStatus = {
  readonly tellers: readonly {
    readonly kind: string
    readonly name: string
    /** By how much its clock is behind ours (ms); negative: ahead. Undefined where it stamps nothing. */
    readonly offset?: number
    /** The offset is known; otherwise it is at most that. */
    readonly settled: boolean
    readonly heardAt: number
    /** What came later than others did last, by how much (ms) and when: it waited in a queue, or the clock has jumped. */
    readonly late?: { readonly by: number; readonly at: number }
  }[]
  readonly exporters: readonly FlowExporter[]
  readonly worries: readonly {
    readonly what: string
    readonly about: string
    readonly words: string
  }[]
}

/** One part of a rollout as it stands. */
export type RolloutReport = {
  readonly part: RolloutPart
  readonly state: RolloutState
  /** Whole days that were seen. */
  readonly days: number
  /** What speaks against closing it now. */
  readonly notYet: readonly string[]
  readonly users: readonly {
    readonly use: Port25Use
    readonly kind: UseKind
    readonly told: boolean
  }[]
}

/** Our own list of infected addresses. */
export type ListReading = {
  /** By address, IPv4 first. */
  page(page: PageAsked): Page<ListedNow>
  /** Undefined where it is no address. */
  check(address: string): ListCheck | undefined
}
export type ListCheck = {
  readonly listed?: ListedNow
  /** On the list of consumers. */
  readonly consumer: boolean
}

export interface Reading {
  /** The newest first. Those of one customer, or the one of that id or code. */
  incidents(filter: IncidentFilter): Promise<readonly Incident[]>
  incidentPage(filter: IncidentFilter, page: PageAsked): Promise<Page<Incident>>
  decisions(incident: string): Promise<readonly Decision[]>
  inForce(): readonly Decision[]
  evidence(subject: Subject, limit: number): Promise<readonly LedgerRow[]>
  /** Undefined where evidence by episodes is off, or knows nothing of the subject; `failed`: it could not be read. */
  episodes(subject: EpisodeSubject): Promise<EpisodeView | { readonly failed: string } | undefined>
  notices(incident: string): Promise<readonly NoticeRow[]>
  audit(filter: AuditFilter, page: PageAsked): Promise<Page<AuditRow>>
  queue(filter: Omit<QueueFilter, 'limit' | 'after'>, page: PageAsked): Promise<Page<QueueRow>>
  subscriber(id: string): Subscriber | undefined
  /** In the order of their ids. */
  subscribers(page: PageAsked): Promise<Page<ListedSubscriber>>
  leases(subscriber: string): readonly Lease[]
  /** Past ones, too, the newest first: of one address, or of all. */
  leasesOf(
    of: { readonly realm: string; readonly address: string } | undefined,
    page: PageAsked,
  ): Promise<Page<Lease>>
  /** The holder of an address at a time, as far back as leases are kept. */
  who(asked: WhoAsked): Promise<WhoAnswer>
  /** Leases of a customer of which it is not sure that they still are the customer's. */
  doubts(subscriber: string): Promise<readonly Doubt[]>
  /** Opt-outs of one customer, or of all without one. */
  optOuts(subscriber?: string): readonly OptOut[]
  /** They have a second factor. */
  hasFactor(subscriber: string): boolean
  appPasswords(login: string): readonly AppPassword[]
  /** What each network driver holds for a subscriber (`NetworkControl.list`). */
  enforced(subscriber: string): Promise<Readonly<Record<string, readonly string[]>>>
  /** Network drivers: how many entries each really holds, or what is wrong; `off` when an operator took everything off. */
  drivers(): Promise<readonly DriverState[]>
  rollouts(): readonly RolloutReport[]
  /** The list that others ask; undefined where there is none. */
  readonly list: ListReading | undefined
  /** Reports of abuse that came in, the newest first. */
  complaints(): readonly Complaint[]
  /** Reports to other networks; undefined where no contact is named. */
  abuseReporting(): AbuseReporting | undefined
  network(): NetworkStatus
  /** What is wrong with what the network enforces: routers are asked. */
  networkCheck(): Promise<NetworkStatus['worries']>
  /** Events as they happen; returns what stops it. */
  listen(listener: (event: Event) => void): () => void
}
