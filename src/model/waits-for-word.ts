// Which of a case's held mail only its owner or staff may send. A case whose sum is as high as isolates, or that did contain, is mail of an
// infected machine or a stolen login until its owner or staff say that it is not; only what a scanner read and found clean goes by itself.

import { QUIET_FOR } from './decision.ts'
import type { Incident } from './incident.ts'

/**
 * Nats. After a release, a held message worth less than this is sent if a scanner found it clean, or if the case never was as high as isolates;
 * one worth more waits for its owner to look. What a scanner calls spam and goes to strangers, or to a trap, is worth 5.9 and more.
 */
const SUSPECT_NATS = 3

export type HeldMail = {
  readonly at: number
  readonly nats: number
  /** A scanner has read it and found it clean. */
  readonly clean?: true
}

export type WaitingCase = Pick<
  Incident,
  'sum' | 'containAt' | 'changedAt' | 'reachedAt' | 'releasedAt'
>

/** Mail that is not sent without a word of its owner or staff: `MAX_HOLD` after it came it is deleted, and its sender gets a DSN. */
export function waitsForWord(held: HeldMail, incident: WaitingCase): boolean {
  if (held.nats <= 0) return false
  if (held.at < (incident.releasedAt ?? 0) && held.nats >= SUSPECT_NATS) return true
  return !held.clean && isOfReached(held, incident)
}

/** The sum was high enough to isolate when it was held, later, or not long before; a release begins anew. */
function isOfReached({ at }: Pick<HeldMail, 'at'>, incident: WaitingCase): boolean {
  const reachedAt = reached(incident)
  if (reachedAt === undefined) return false
  const { releasedAt } = incident
  const isOfThisLife = releasedAt === undefined || at <= releasedAt || reachedAt > releasedAt
  return isOfThisLife && at <= reachedAt + QUIET_FOR
}

/** When its sum was last that high. Cases of an earlier Cordon do not say it. */
export const reached = ({
  sum,
  containAt,
  changedAt,
  reachedAt,
}: WaitingCase): number | undefined => reachedAt ?? (sum >= containAt ? changedAt : undefined)
