// The life of an incident: what follows when a unit of evidence has moved a sum. Pure; a table of transitions.
//
//   (none) -> watched -> held -> contained -> probation -> closed
//                ^---------'                      '-> held, contained (sooner than the first time)
//
// Not here: releases (release.ts), what expires by itself (deadlines.ts), what the network does (desired.ts).

import { type Decision, type DecisionKind, stops } from '../../model/decision.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'
import { type Bit, isLine, type Unit } from '../../model/evidence.ts'
import type { Incident, Status } from '../../model/incident.ts'
import type { Plan } from '../../model/subscriber.ts'

/** A case file is opened here: below it, evidence is forgotten before anybody need look. */
export const WATCH_AT = 2.5
/** Mail waits this long for its second look. */
export const HOLD_FOR = 30 * MINUTE
/** A line that has been quiet this long is released. */
export const QUIET_FOR = 72 * HOUR

export type Finding = {
  readonly unit: Unit
  readonly sum: number
  readonly holdAt: number
  readonly containAt: number
  /** The open case of this subject, and the decisions in force on it. */
  readonly incident: Incident | undefined
  readonly inForce: readonly Decision[]
  readonly epoch: number
  /** How many units have moved the sum, with this one. */
  readonly moved: number
  readonly subscriber: string | undefined
  readonly plan: Plan
  /** Automation has restricted so many lately that a person must look first. */
  readonly fuseBlown: boolean
  /** Names for what may be opened now. */
  readonly fresh: {
    readonly incident: string
    readonly caseCode: string
    readonly decision: string
  }
}

export type Advanced = {
  readonly incident: Incident
  readonly opened: boolean
  readonly changed: boolean
  /** New ones, and ones whose end was moved. */
  readonly decisions: readonly Decision[]
  /** Replaced by a stronger one. */
  readonly ended: readonly Decision[]
}

/** What to do now; undefined while the sum is too small to write down. */
export function advance(finding: Finding): Advanced | undefined {
  const { unit, sum, incident } = finding
  if (!incident && sum < WATCH_AT && unit.nearCertain !== 'always') return undefined
  const bits = union(incident?.bits ?? [], unit.bits)
  const status = next(finding, bits)
  const changed = !incident || incident.status !== status
  const file: Incident = {
    ...(incident ?? newFile(finding)),
    status,
    changedAt: unit.at,
    sum,
    moved: finding.moved,
    holdAt: finding.holdAt,
    containAt: finding.containAt,
    bits,
    ...(status === 'contained' && changed ? { summary: summarise(finding) } : {}),
  }
  const decided = decide(finding, file, changed)
  return {
    incident: decided.kind ? { ...file, decision: decided.kind } : file,
    opened: !incident,
    changed,
    decisions: decided.decisions,
    ended: decided.ended,
  }
}

/** Two independent kinds of observation and the sum; or one thing nobody does by accident. */
function next(finding: Finding, bits: readonly Bit[]): Status {
  const { unit, sum, incident } = finding
  const before = incident?.status ?? 'watched'
  if (before === 'contained') return 'contained'
  const certain =
    unit.nearCertain === 'always' || (unit.nearCertain === 'in-probation' && before === 'probation')
  const proven = sum >= finding.containAt && bits.length >= 2
  if ((certain || proven) && mayContain(finding)) return 'contained'
  if (certain || sum >= finding.holdAt) return 'held'
  return before
}

/** Many people live behind a `site`: it is told, and a person decides. Behind a blown fuse, too. */
function mayContain(finding: Finding): boolean {
  if (finding.fuseBlown) return false
  return !(isLine(finding.unit.subject) && finding.plan === 'site')
}

function decide(
  finding: Finding,
  file: Incident,
  changed: boolean,
): { decisions: Decision[]; ended: Decision[]; kind?: DecisionKind } {
  const { unit, inForce } = finding
  const kind = consequence(file)
  if (!kind) return { decisions: [], ended: [] }
  const until = unit.at + (kind === 'hold' ? HOLD_FOR : QUIET_FOR)
  const standing = inForce.find(decision => decision.kind === kind)
  if (standing) {
    // New evidence moves the end; writing it down for every message of a flood would be a flood of its own.
    const worthIt = until - standing.until > (kind === 'hold' ? MINUTE : HOUR)
    return { decisions: worthIt ? [{ ...standing, until }] : [], ended: [], kind }
  }
  // Contained by a person, in another way: that will do. Contained by nothing is no containment.
  if (!changed && kind !== 'hold' && inForce.some(stops)) return { decisions: [], ended: [], kind }
  const decision: Decision = {
    id: finding.fresh.decision,
    incident: file.id,
    subject: unit.subject,
    kind,
    at: unit.at,
    until,
    by: 'evidence',
  }
  const ended =
    kind === 'hold'
      ? []
      : inForce
          .filter(weaker => weaker.kind === 'hold')
          .map((weaker): Decision => ({ ...weaker, endedAt: unit.at, endedBy: 'stronger' }))
  return { decisions: [decision], ended, kind }
}

function consequence(file: Incident): DecisionKind | undefined {
  if (file.status === 'held') return 'hold'
  if (file.status === 'contained') return isLine(file.subject) ? 'isolate' : 'stop-login'
  return undefined
}

function newFile(
  finding: Finding,
): Omit<Incident, 'status' | 'changedAt' | 'sum' | 'moved' | 'holdAt' | 'containAt' | 'bits'> {
  return {
    id: finding.fresh.incident,
    rev: 0,
    caseCode: finding.fresh.caseCode,
    subject: finding.unit.subject,
    ...(finding.subscriber === undefined ? {} : { subscriber: finding.subscriber }),
    openedAt: finding.unit.at,
    epoch: finding.epoch,
    summary: finding.unit.why,
  }
}

function summarise(finding: Finding): string {
  const sure = finding.unit.nearCertain
    ? 'near-certain'
    : `${finding.sum.toFixed(1)} nats of evidence`
  const what = isLine(finding.unit.subject)
    ? 'A machine behind this line sends spam'
    : 'Somebody else uses this login'
  return `${what} (${sure}; last: ${finding.unit.why})`
}

function union(a: readonly Bit[], b: readonly Bit[]): readonly Bit[] {
  return [...new Set([...a, ...b])]
}
