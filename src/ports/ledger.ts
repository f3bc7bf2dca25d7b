// What must not be lost: customers, leases, case files with their evidence, decisions, the audit.

import type { AppPassword } from '../model/app-password.ts'
import type { Decision } from '../model/decision.ts'
import type { LedgerRow, Subject } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
import type { Lease } from '../model/lease.ts'
import type { PageAsked } from '../model/page.ts'
import type { GivenOrder, OrderOutcome } from '../model/order.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { Changes as ChangesPort } from './changes.ts'

export type AuditRow = {
  /** They are numbered as they were given. */
  readonly n: number
  readonly at: number
  readonly actor: string
  readonly order: string
  readonly target: string
  readonly text: string
}
export type NoticeRow = {
  readonly id: string
  readonly incident: string
  readonly subscriber: string
  readonly at: number
  readonly notice: string
  readonly to: string
}

/** An order to the engine, or to the program around it (a reload). */
export type Audited = Omit<GivenOrder, 'order'> & { readonly order: { readonly kind: string } }

/** Rows of evidence kept for a line or login, the newest (6-evidence: those that moved the sum). */
export const EVIDENCE_KEPT = 200
/** Leases that `holders` gives at most. */
export const MAX_HOLDERS = 1000

export type IncidentFilter = {
  readonly id?: string
  readonly caseCode?: string
  readonly subscriber?: string
  readonly open?: boolean
}

/** All of it is saved, or none. */
export type Changes = {
  readonly notices?: readonly NoticeRow[]
  readonly audit?: readonly { readonly given: Audited; readonly outcome: OrderOutcome }[]
}

/** What changes a case, and all that is written with it. */
export type SavedCase = {
  /** Of the subject's last case when it was read: `rev()`. */
  readonly expectedRev: number
  readonly incident: Incident
  readonly decisions: readonly Decision[]
  readonly evidence: readonly LedgerRow[]
  readonly notices: readonly NoticeRow[]
}

export type Account = {
  readonly subscriber: string
  readonly login?: string
  readonly hash: string
}

export type StoredAppPassword = AppPassword & { readonly hash: string }

export interface Ledger {
  /** What was saved of cases and decisions, for those who act on it. */
  readonly changes: ChangesPort
  /** The open case of a line or login; answers at once, the driver keeps open cases in memory. */
  open(subject: Subject): Incident | undefined
  /** Which life of its sum a subject is in: counts releases, also of cases long closed. */
  epoch(subject: Subject): number
  /** How often cases of a subject were changed, also those long closed; 0 while there was none. */
  rev(subject: Subject): number
  /** How many units had moved the sum of the present epoch when a case was last saved. */
  moved(subject: Subject): number
  /** Every open case. */
  openCases(): readonly Incident[]
  /** Decisions in force on a subject, likewise. */
  inForce(subject: Subject): readonly Decision[]
  /** All decisions in force. */
  allInForce(): readonly Decision[]
  /**
   * `stale`: somebody changed the subject's case since it was read, and nothing is saved; what `open` and `inForce` say then is what
   * they made of it. Saved: resolves when it is on disk; a driver may have it in force before, and what a full disk refuses is in
   * force until a restart. Rejects a contained case on which no decision that contains it would be in force.
   */
  saveCase(change: SavedCase): Promise<'saved' | 'stale'>
  /** Resolves when it is on disk. */
  save(changes: Changes): Promise<void>
  /** The newest first: by when they were opened. `after`: only those that stand behind this one. */
  incidents(
    filter: IncidentFilter & {
      readonly limit?: number
      readonly after?: Pick<Incident, 'id' | 'openedAt'>
    },
  ): Promise<readonly Incident[]>
  countIncidents(filter: IncidentFilter): Promise<number>
  decisions(incident: string): Promise<readonly Decision[]>
  evidence(subject: Subject, limit: number): Promise<readonly LedgerRow[]>
  notices(incident: string): Promise<readonly NoticeRow[]>
  /** The newest first; `before`: only those with a lower number. */
  audit(limit: number, before?: number): Promise<readonly AuditRow[]>
  /** All, or so many of them in the order of their ids. */
  subscribers(page?: PageAsked): Promise<readonly Subscriber[]>
  putSubscribers(subscribers: readonly Subscriber[]): Promise<void>
  removeSubscribers(ids: readonly string[]): Promise<void>
  /** Those that are open, and those that ended after then; in the order in which they began. */
  leases(endedAfter: number): Promise<readonly Lease[]>
  putLeases(leases: readonly Lease[]): Promise<void>
  /** Those that held exactly one of these prefixes then, or within an hour of it; the newest first, `MAX_HOLDERS` and one more at most. */
  holders(realm: string, prefixes: readonly string[], at: number): Promise<readonly Lease[]>
  /** Forgets leases that ended before then, some thousands at most; how many. */
  forgetLeases(before: number): Promise<number>
  /** Records of one kind, as JSON (`ports/records.ts`). */
  records(kind: string): Promise<readonly string[]>
  putRecord(kind: string, id: string, body: string): Promise<void>
  removeRecord(kind: string, id: string): Promise<void>
  accounts(): Promise<readonly Account[]>
  putAccounts(accounts: readonly Account[]): Promise<void>
  appPasswords(): Promise<readonly StoredAppPassword[]>
  putAppPassword(one: StoredAppPassword): Promise<void>
  removeAppPasswords(ids: readonly string[]): Promise<void>
  close(): Promise<void>
}
