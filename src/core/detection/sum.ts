// The arithmetic of evidence: increments, forgetting, thresholds (docs/how-it-works.md).
//
//   z = ln P1/P0, capped, never negative        S <- max(0, S - k dt) + z        h = ln(n / budget per day)
//
// Only signs of infection are added, and forgetting is by time: a bot cannot buy itself off with harmless mail.
// With k = n sum P0 (e^z - 1), false alarms are at most n e^-h a day (Wald's inequality for the reflected walk).

import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import {
  ANSWERED,
  AUTH_NOVEL_NETWORK,
  COMPLAINT,
  PASSWORD_AT_DECOY,
  PASSWORD_ON_LIST,
  PROTOCOL_VIOLATION,
  MESSAGE,
  TRAP,
  TRAP_LED,
  UNREADABLE,
  VOLUME_BURST,
  VOLUME_CROWD,
} from './evidence-table.ts'
import { nats } from './nats.ts'
import { NETWORK_SIGNS } from './signs/signs.ts'

/** Nats. A sum never grows beyond this, so that a long flood is forgotten in days and not in months. */
export const MAX_SUM = 60

export type Budgets = {
  /** Isolations of clean subscribers we accept, per subscriber and year: `budgets.wrongIsolations`, 0.0001 by default, more than 0 to 1. */
  readonly wrongIsolations: number
  /** Clean mail held for a second look, per subscriber and year: `budgets.holds`, 0.04 by default, more than 0 to 365. */
  readonly holds: number
  /**
   * Nats: ln of the odds that a subject that was infected is infected again, how much sooner Cordon acts in probation:
   * `budgets.probation`, 3 by default, 0 to 20; 0: no sooner.
   */
  readonly probation: number
}

/** What is forgotten per day at `usual` units a day. */
export function forgottenPerDay(usual: number): number {
  return usual * GROWTH
}

/**
 * Nats that time took off a sum since it was `previous`: the nats that are missing, or, where the sum is at its maximum and its growth was
 * cut, as many as `elapsed` ms take.
 */
export function forgottenSince({ previous, nats, sum, perDay, elapsed }: SumStep): number {
  const missing = Math.max(0, previous + nats - sum)
  if (sum < MAX_SUM) return missing
  return Math.min(missing, previous, (perDay * Math.max(0, elapsed)) / DAY)
}

export type SumStep = {
  readonly previous: number
  readonly nats: number
  readonly sum: number
  readonly perDay: number
  /** In ms. */
  readonly elapsed: number
}

/** Sums at which mail waits, and at which the line is isolated or the login stopped. */
export function thresholds(
  usual: number,
  budgets: Budgets,
  status?: Incident['status'],
): { hold: number; contain: number } {
  const relief = status === 'probation' ? budgets.probation : 0
  return {
    hold: Math.log((usual * 365) / budgets.holds) - relief,
    contain: Math.log((usual * 365) / budgets.wrongIsolations) - relief,
  }
}

/** Units per message: sessions from new networks, bursts and windows of knocking, together. */
const RARER = 0.1

/** The expected growth of e^S per unit under P0, were nothing forgotten; the worse of with and without a scanner. */
const GROWTH = Math.max(growth(['spam', 'clean']), growth(['unseen']))

function growth(contents: readonly string[]): number {
  const mine = (name: string) => contents.includes(name.slice(0, name.indexOf('/')))
  let total = 0
  for (const [name, cell] of Object.entries(MESSAGE)) {
    if (mine(name)) total += cell.p0 * (Math.exp(nats(cell)) - 1)
  }
  for (const [name, cell] of Object.entries(ANSWERED)) {
    if (!mine(name)) continue
    // A later answer adds only the difference to what its message said already.
    const before = nats(MESSAGE[name.slice(0, name.lastIndexOf('/')) as keyof typeof MESSAGE])
    total += cell.p0 * Math.max(0, Math.exp(nats(cell)) - Math.exp(before))
  }
  // Units of other kinds come less often than messages, so counting one of each per message is on the safe side.
  for (const cell of [
    AUTH_NOVEL_NETWORK,
    COMPLAINT,
    PASSWORD_AT_DECOY,
    PASSWORD_ON_LIST,
    PROTOCOL_VIOLATION,
    TRAP,
    TRAP_LED,
    UNREADABLE,
    VOLUME_BURST,
    VOLUME_CROWD,
  ])
    total += cell.p0 * RARER * (Math.exp(nats(cell)) - 1)
  for (const { cell } of NETWORK_SIGNS.flatMap(({ cells }) => cells))
    total += cell.p0 * RARER * (Math.exp(nats(cell)) - 1)
  return total
}
