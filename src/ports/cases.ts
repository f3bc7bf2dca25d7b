// Cases of lines and logins, with their evidence and the decisions on them. What stands now answers at once: the driver keeps it in memory.

import type { Decision } from '../model/decision.ts'
import type { LedgerRow, Subject } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
import type { NoticeRow } from './notices.ts'

/** Rows of evidence kept for a line or login, the newest (6-evidence: those that moved the sum). */
export const EVIDENCE_KEPT = 200

export type IncidentFilter = {
  readonly id?: string
  readonly caseCode?: string
  readonly subscriber?: string
  readonly open?: boolean
  readonly subject?: Subject
  /** Those with a decision that has not ended. */
  readonly inForce?: true
}

export type ListedIncidents = IncidentFilter & {
  readonly limit?: number
  /** Only those that stand behind this one. */
  readonly after?: Pick<Incident, 'id' | 'openedAt'>
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

export interface Cases {
  /** The open case of a line or login. */
  open(subject: Subject): Incident | undefined
  /** Which life of its sum a subject is in: counts releases, also of cases long closed. */
  epoch(subject: Subject): number
  /** How often cases of a subject were changed, also those long closed; 0 while there was none. */
  rev(subject: Subject): number
  /** How many units had moved the sum of the present epoch when a case was last saved. */
  moved(subject: Subject): number
  /** Every open case. */
  openCases(): readonly Incident[]
  /** Decisions in force on a subject. */
  inForce(subject: Subject): readonly Decision[]
  /** All decisions in force. */
  allInForce(): readonly Decision[]
  /**
   * `stale`: another writer changed the subject's case since it was read, and nothing is saved; `open` and `inForce` then say what that
   * writer made of it. Saved: resolves when it is on disk; a driver may have it in force before. Rejects when it cannot be written now:
   * then it is in force all the same, and written as soon as that can be done. Rejects a contained case on
   * which no decision that contains it would be in force, and one in probation on which any would be that restricts.
   */
  readonly saveCase: (change: SavedCase) => Promise<'saved' | 'stale'>
  /** The newest first: by when they were opened. */
  incidents(filter: ListedIncidents): Promise<readonly Incident[]>
  countIncidents(filter: IncidentFilter): Promise<number>
  decisions(incident: string): Promise<readonly Decision[]>
  /** The newest so many, the oldest of them first. */
  evidence(subject: Subject, limit: number): Promise<readonly LedgerRow[]>
}
