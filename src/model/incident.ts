// The case file of one line or one login, from the first suspicion to the release.

import type { DecisionKind } from './decision.ts'
import type { EvidenceKind, Subject } from './evidence.ts'

/**
 * `watched`: the sum is rising · `held`: mail with evidence waits · `contained`: isolated, stopped or suspended ·
 * `probation`: released, found sooner if it happens again · `closed`: over.
 */
export const STATUSES = ['watched', 'held', 'contained', 'probation', 'closed'] as const
export type Status = (typeof STATUSES)[number]

export type Incident = {
  readonly id: string
  /** Grows with every change that is saved: a writer that changes a case says which one it read. The store sets it. */
  readonly rev: number
  /** Short, can be read out on the telephone: `K7-2M9Q`. */
  readonly caseCode: string
  readonly subject: Subject
  readonly subscriber?: string
  readonly status: Status
  readonly openedAt: number
  readonly changedAt: number
  /** Sum when last changed, in nats, and the thresholds that applied. */
  readonly sum: number
  readonly holdAt: number
  readonly containAt: number
  readonly kinds: readonly EvidenceKind[]
  /** When something was last seen that is certain only together with another kind of evidence, and which kind it was itself. */
  readonly halfCertain?: { readonly at: number; readonly kinds: readonly EvidenceKind[] }
  /** Which life of the sum this is: released means a new sum from zero. */
  readonly epoch: number
  /** How many units had moved the sum when this was saved. */
  readonly moved?: number
  readonly decision?: DecisionKind
  readonly noticeAt?: number
  /** When the sum was last as high as isolates, or a decision that had contained the subject was released. */
  readonly reachedAt?: number
  /** What would have been decided last, where evidence only observes, and when that was told. */
  readonly observed?: { readonly what: DecisionKind; readonly at: number }
  readonly releasedAt?: number
  readonly probationUntil?: number
  /** Why it was contained, one line for the call centre. */
  readonly summary: string
}
