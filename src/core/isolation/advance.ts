// The life of an incident: what follows when a unit of evidence has moved a sum. Pure; a table of transitions.
//
//   (none) -> watched -> held -> contained -> probation -> closed
//                ^---------'                      '-> held, contained (sooner than the first time)
//
// Not here: releases (release.ts), what expires by itself (deadlines.ts), what the network does (desired.ts).

import {
  type Decision,
  type DecisionKind,
  LONGEST,
  QUIET_FOR,
  stops,
  strongest,
} from '../../model/decision.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import { type EvidenceKind, isLine, staffWords, type Unit } from '../../model/evidence.ts'
import type { Incident, Status } from '../../model/incident.ts'
import type { Plan } from '../../model/subscriber.ts'
import { whatIsSeen } from './what-is-seen.ts'

/** Nats. An incident is opened at this sum; evidence below it is forgotten by itself. */
export const WATCH_AT = 2.5
/** How long a hold lasts since the last evidence; then held mail gets its second look. */
export const HOLD_FOR = 30 * MINUTE
/** How long a finding that is certain only with another kind of evidence waits for it. */
export const HALF_CERTAIN_FOR = 3 * DAY
/** Nats. Sum that both together must reach then: evidence that is nearly forgotten confirms nothing. */
const CONFIRMED_AT = 8

/** The end of a hold moves with new evidence only by more than this: a flood of mail must not become a flood of writes. */
const HOLD_MOVES = MINUTE
/** The end of an isolation, likewise. */
const ISOLATION_MOVES = HOUR
/**
 * Kinds that confirm. Not what a mailing shows by itself: new recipients, volume, unknown users. Nor complaints: a person who leads a
 * customer to a trap can complain, too.
 */
const CONFIRMS: ReadonlySet<EvidenceKind> = new Set<EvidenceKind>([
  'content',
  'network',
  'authentication',
])
/** Kinds without which nothing is contained: all others are what a mailing, a wedding or an outsider's mail shows, too. */
const PROVES: ReadonlySet<EvidenceKind> = new Set<EvidenceKind>([
  'content',
  'refusals',
  'network',
  'reports',
])
export type Finding = {
  readonly unit: Unit
  readonly sum: number
  readonly holdAt: number
  readonly containAt: number
  /** The open incident of the subject, and its decisions in force. */
  readonly incident: Incident | undefined
  readonly inForce: readonly Decision[]
  readonly epoch: number
  /** Number of units that changed the sum, with this one. */
  readonly moved: number
  readonly subscriber: string | undefined
  readonly plan: Plan
  /** The fuse of automation has blown: no more subjects are restricted without staff. */
  readonly fuseBlown: boolean
  /** Ids for a new incident and a new decision. */
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
  /** New decisions, and those with a new end. */
  readonly decisions: readonly Decision[]
  /** Decisions that a stronger one replaces. */
  readonly ended: readonly Decision[]
}

/** The incident and decisions to save; undefined while the sum is too small to open an incident. */
export function advance(finding: Finding): Advanced | undefined {
  const { unit, sum, incident } = finding
  if (!incident && sum < WATCH_AT && !isCertain(finding)) return undefined
  // A unit without evidence does not agree with another kind.
  const said = unit.nats > 0 || unit.nearCertain !== undefined ? unit.kinds : []
  const kinds = union(incident?.kinds ?? [], said)
  const halfCertain = isHalfCertain(finding)
    ? { at: unit.at, kinds: unit.kinds }
    : incident?.halfCertain
  const certain = isCertain(finding) || isConfirmed(finding, kinds)
  const earned = earns(finding, { kinds, certain })
  const status = next(finding, earned)
  const changed = !incident || incident.status !== status
  const file: Incident = {
    ...(incident ?? newFile(finding)),
    status,
    changedAt: unit.at,
    sum,
    moved: finding.moved,
    holdAt: finding.holdAt,
    containAt: finding.containAt,
    kinds,
    ...(halfCertain ? { halfCertain } : {}),
    ...(sum >= finding.containAt ? { reachedAt: unit.at } : {}),
    ...(status === 'contained' && changed
      ? { summary: summarise(finding, { kinds, certain }) }
      : {}),
    // The list of incidents must name the trap, also where other evidence came first.
    ...(isOpen(status) && isTrap(unit) ? { summary: staffWords(unit) } : {}),
    ...(status === 'held' && changed && incident ? { summary: waits(finding, incident) } : {}),
  }
  const decided = decide(finding, file, { changed, earned: earned === status })
  return {
    incident: decided.kind
      ? { ...file, decision: strongest(decided.kind, stillIn(finding.inForce, decided.ended)) }
      : file,
    opened: !incident,
    changed,
    decisions: decided.decisions,
    ended: decided.ended,
  }
}

const isOpen = (status: Status): boolean => status === 'watched' || status === 'held'
const isTrap = ({ cell }: Unit): boolean => cell === 'message/trap' || cell === 'message/trap-led'

type Earned = 'contained' | 'held' | undefined

/** Two independent kinds of observation, one of which proves something, and the sum; or one thing that is not done by accident. */
function earns(
  finding: Finding,
  { kinds, certain }: { readonly kinds: readonly EvidenceKind[]; readonly certain: boolean },
): Earned {
  const { sum } = finding
  const proven =
    sum >= finding.containAt && kinds.length >= 2 && kinds.some(kind => proves(finding, kind))
  if ((certain || proven) && mayContain(finding)) return 'contained'
  return certain || sum >= finding.holdAt ? 'held' : undefined
}

function next({ incident }: Finding, earned: Earned): Status {
  const before = incident?.status ?? 'watched'
  return before === 'contained' ? 'contained' : (earned ?? before)
}

/** Whether the unit's kind of evidence proves something for this subject: a login from a foreign network is about the login, not the line. */
const proves = ({ unit }: Finding, kind: EvidenceKind): boolean =>
  PROVES.has(kind) || (kind === 'authentication' && !isLine(unit.subject))

/** One thing that a subject does not do by accident, and that no outsider can bring about. */
function isCertain({ unit, incident, plan }: Finding): boolean {
  if (unit.nearCertain === 'in-probation') return incident?.status === 'probation'
  return (
    unit.nearCertain === 'always' || (unit.nearCertain === 'of-consumers' && plan === 'consumer')
  )
}

/** One thing that a subject does not do by accident, but that an outsider may have brought about. */
const isHalfCertain = ({ unit, plan }: Finding): boolean =>
  unit.nearCertain === 'with-another-kind' ||
  (unit.nearCertain === 'of-consumers' && plan !== 'consumer')

/** A half-certain finding, now or lately, and evidence of another kind beside it. */
function isConfirmed(finding: Finding, kinds: readonly EvidenceKind[]): boolean {
  const { unit, incident, sum } = finding
  if (sum < CONFIRMED_AT) return false
  const confirms = (half: readonly EvidenceKind[]) =>
    kinds.some(kind => CONFIRMS.has(kind) && !half.includes(kind))
  if (isHalfCertain(finding) && confirms(unit.kinds)) return true
  return isHalfCertainBefore(incident, kinds, unit.at)
}

/** What was certain lately only together with another kind of evidence has found one in these. */
export function isHalfCertainBefore(
  incident: Incident | undefined,
  kinds: readonly EvidenceKind[],
  at: number,
): boolean {
  const before = incident?.halfCertain
  return (
    before !== undefined &&
    before.at >= Math.max(incident?.releasedAt ?? 0, at - HALF_CERTAIN_FOR) &&
    kinds.some(kind => CONFIRMS.has(kind) && !before.kinds.includes(kind))
  )
}

/** False for a `site`, because many people use its line, and after a blown fuse: staff decide. */
function mayContain(finding: Finding): boolean {
  if (finding.fuseBlown) return false
  return !(isLine(finding.unit.subject) && finding.plan === 'site')
}

function decide(
  finding: Finding,
  file: Incident,
  { changed, earned }: { readonly changed: boolean; readonly earned: boolean },
): { decisions: Decision[]; ended: Decision[]; kind?: DecisionKind } {
  const { unit, inForce } = finding
  const kind = consequence(file)
  if (!kind) return { decisions: [], ended: [] }
  const until = unit.at + (kind === 'hold' ? HOLD_FOR : QUIET_FOR)
  const standing = inForce.find(decision => decision.kind === kind && !decision.byWindow)
  // It is held by the window alone still.
  if (!standing && kind === 'hold' && !earned && inForce.some(one => one.byWindow))
    return { decisions: [], ended: [], kind }
  if (standing) {
    // A decision of staff keeps its end, unless evidence alone is enough for it now.
    if (standing.by === 'staff' && !earned) return { decisions: [], ended: [], kind }
    // A decision of staff ends at the latest after the longest time that staff could have chosen; evidence after that makes a new decision.
    const last = standing.by === 'staff' ? standing.at + LONGEST[kind] : Infinity
    const moved = Math.min(until, last)
    // New evidence moves the end, but not for every message.
    const worthIt = moved - standing.until > (kind === 'hold' ? HOLD_MOVES : ISOLATION_MOVES)
    return { decisions: worthIt ? [{ ...standing, until: moved }] : [], ended: [], kind }
  }
  // Another decision that contains, such as one of staff, is enough; with none in force the subject is not contained.
  const [stopping, ...more] = inForce.filter(stops)
  if (!changed && kind !== 'hold' && stopping)
    return { decisions: [], ended: [], kind: strongest(stopping.kind, more) }
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

const stillIn = (inForce: readonly Decision[], ended: readonly Decision[]): readonly Decision[] =>
  inForce.filter(({ id }) => ended.every(one => one.id !== id))

function consequence(file: Incident): DecisionKind | undefined {
  if (file.status === 'held') return 'hold'
  if (file.status === 'contained') return isLine(file.subject) ? 'isolate' : 'stop-login'
  return undefined
}

function newFile(
  finding: Finding,
): Omit<Incident, 'status' | 'changedAt' | 'sum' | 'moved' | 'holdAt' | 'containAt' | 'kinds'> {
  return {
    id: finding.fresh.incident,
    rev: 0,
    caseCode: finding.fresh.caseCode,
    subject: finding.unit.subject,
    ...(finding.subscriber === undefined ? {} : { subscriber: finding.subscriber }),
    openedAt: finding.unit.at,
    epoch: finding.epoch,
    summary: staffWords(finding.unit),
  }
}

/** The incident's summary for the call centre: one line of what was observed. */
function summarise(
  { unit, sum }: Finding,
  { kinds, certain }: { readonly kinds: readonly EvidenceKind[]; readonly certain: boolean },
): string {
  const sure = certain ? 'near-certain' : `${sum.toFixed(1)} nats of evidence`
  return `${whatIsSeen(unit.subject, kinds)} (${sure}; last: ${staffWords(unit)})`
}

/** The summary while mail is held: the reason of the hold first, instead of what opened the incident; a trap is still named behind it. */
function waits({ unit, sum }: Finding, { summary }: Incident): string {
  const now = `Mail waits (${sum.toFixed(1)} nats of evidence; last: ${staffWords(unit)})`
  return !isTrap(unit) && summary.includes('(a trap)') ? `${now}; before that: ${summary}` : now
}

function union(a: readonly EvidenceKind[], b: readonly EvidenceKind[]): readonly EvidenceKind[] {
  return [...new Set([...a, ...b])]
}
