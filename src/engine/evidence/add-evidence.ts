// The evidence of an event is added up, unit by unit, and what follows is decided and saved. A unit reported twice counts once, also when
// Cordon was ended between its counting and the saving of its case: then the second report finishes what the first began.

import { isOfMail } from '../../core/detection/of-mail.ts'
import { weigh } from '../../core/detection/weigh.ts'
import { LEAST_USUAL } from '../../core/detection/usual-rate.ts'
import {
  type Budgets,
  forgottenPerDay,
  forgottenSince,
  thresholds,
} from '../../core/detection/sum.ts'
import { type Advanced, advance, type Finding } from '../../core/isolation/advance.ts'
import { fuseOp } from '../../core/isolation/fuse.ts'
import { observed } from '../../core/isolation/observed.ts'
import { type DecisionKind, QUIET_FOR } from '../../model/decision.ts'
import { DAY, SECOND } from '../../model/duration.ts'
import type { Event, EventOf, NewEvent } from '../../model/event.ts'
import type { LedgerRow, Subject, Unit } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { reached } from '../../model/waits-for-word.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Names } from '../../ports/names.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { caseChanged, decisionEnded, decisionMade, decisionObserved } from './case-events.ts'
import { type CaseStore, type CaseNow, changeCase } from './change-case.ts'
import { ownerOf } from './gather.ts'
import { sumOp } from './history.ts'

export type EvidenceParts = {
  readonly counters: Counters
  readonly cases: CaseStore
  readonly subscribers: Subscribers
  readonly names: Names
  readonly budgets: Budgets
  /** How many customers there are: what the fuse is measured against. */
  readonly customers: () => number
  /** Mail adds nothing: evidence by episodes decides of it. */
  readonly withoutMail?: boolean
  /** Nothing is restricted: what would be decided is told. */
  readonly observes?: boolean
  /** Writes down what was weighed and decided. */
  readonly note: (event: NewEvent) => void
}

/** Resolves when the sums have moved and what follows is saved, with the units that were not told before. */
export async function addEvidence(parts: EvidenceParts, event: Event): Promise<readonly Unit[]> {
  const added: Unit[] = []
  // What a log alone tells of is for evidence by episodes, which tells it.
  const units = isWatched(event) ? [] : weigh(event)
  for (const unit of parts.withoutMail ? units.filter(one => !isOfMail(one)) : units)
    if (await addUnit(parts, unit, usualOf(event, unit.subject))) added.push(unit)
  return added
}

const isWatched = (event: Event): boolean => 'facts' in event && event.facts?.watched === true

/** Whether it was told for the first time. */
async function addUnit(parts: EvidenceParts, told: Unit, usual: number): Promise<boolean> {
  let unit = told
  let weighed: Weighed | undefined
  /** In which life of the sum this telling was the first. */
  let first: number | undefined
  let fresh: Finding['fresh'] | undefined
  let before: Incident | undefined
  let tells: DecisionKind | undefined
  const changed = await changeCase(parts.cases, unit.subject, async now => {
    weighed = undefined
    // Evidence from before a release is about something that is over.
    if (told.at < (now.incident?.releasedAt ?? 0)) return undefined
    const limits = thresholds(usual, parts.budgets, now.incident?.status)
    unit = told.onlyHolds ? upTo(limits.hold, told, { now, usual }) : told
    const counted = await take(parts.counters, unit, { now, usual })
    if (!counted) return undefined
    if (!counted.repeated) first = now.epoch
    else if (first !== now.epoch && counted.moved <= now.moved) return undefined
    const { sum, moved } = counted
    before = now.incident
    weighed = { sum, holdAt: limits.hold, containAt: limits.contain }
    fresh ??= freshNames(parts.names)
    const found = { unit, ...weighed, ...now, moved, fresh, ...owned(parts, unit.subject) }
    const decided = await fused(parts, { ...found, fuseBlown: false })
    const seen = parts.observes && decided ? observed(decided, now, unit.at) : undefined
    tells = seen?.tells
    const advanced = seen?.advanced ?? decided
    const flood = now.incident?.status === 'contained' && unit.at - now.incident.changedAt < ONCE_IN
    if (!advanced || (flood && advanced.decisions.length === 0)) return undefined
    return { ...advanced, evidence: [rowOf(unit, advanced, { sum, now, usual })] }
  })
  if (weighed && (changed || first !== undefined)) parts.note(weighedEvent(unit, weighed))
  const isFirst = first !== undefined
  if (!changed) return isFirst
  for (const following of consequences(changed, unit.at)) parts.note(following)
  if (tells) parts.note(decisionObserved(changed.incident, tells, unit.at))
  const alarm = waitingAlarm(changed.incident, before)
  if (alarm) parts.note(alarm)
  return isFirst
}

/** Raised when a sum reaches the limit, at most once in `QUIET_FOR`: mail that waits goes only when a person releases it. */
function waitingAlarm(now: Incident, before: Incident | undefined): NewEvent | undefined {
  const { status, reachedAt, releasedAt = 0, subject: about, caseCode, sum } = now
  if (status !== 'held' || reachedAt === undefined || reachedAt !== now.changedAt) return undefined
  const last = before && reached(before)
  if (last !== undefined && last > releasedAt && reachedAt - last < QUIET_FOR) return undefined
  const words = `case ${caseCode}, ${sum.toFixed(1)} nats: what no scanner found clean waits for its owner or for you (cordon queue list --held; cordon incident show ${caseCode})`
  return { kind: 'alarm-raised', alarm: 'mail-waits', at: reachedAt, about, words }
}

/** As much of a unit as raises a sum to where mail waits: what an outsider may bring about must not contain with a little else. */
function upTo(
  hold: number,
  unit: Unit,
  { now, usual }: { readonly now: CaseNow; readonly usual: number },
): Unit {
  const { sum = 0, changedAt = unit.at } = now.incident ?? {}
  const forgotten = (forgottenPerDay(usual) * Math.max(0, unit.at - changedAt)) / DAY
  const missing = hold + REACHED - Math.max(0, sum - forgotten)
  return { ...unit, nats: Math.min(unit.nats, Math.max(0, missing)) }
}

/** Nats. Added where a sum is lifted to a threshold, so that a rounding does not miss it. */
const REACHED = 0.01

/** A flood that changes nothing any more is written down once in this time, not once a message. */
const ONCE_IN = SECOND

type NewSum = { readonly sum: number; readonly moved: number; readonly repeated: boolean }

/** Adds a unit to its sum; undefined when the counters are out of order. */
async function take(
  counters: Counters,
  unit: Unit,
  { now, usual }: { readonly now: CaseNow; readonly usual: number },
): Promise<NewSum | undefined> {
  const { epoch, moved } = now
  const counted = await counters.apply({
    once: `${unit.id}/${epoch}`,
    at: unit.at,
    mode: 'take',
    // The counters may have lost a second that the case has not: a new sum must not look old to the case.
    ops: [{ ...sumOp(unit.subject, epoch, usual), add: unit.nats, after: moved }],
  })
  if ('failed' in counted) return undefined
  const [reading] = counted.readings
  return {
    sum: reading?.value ?? 0,
    moved: reading?.count ?? 0,
    repeated: counted.repeated === true,
  }
}

/** What follows; where that restricts a subject anew, the fuse is asked, and takes it. */
async function fused(parts: EvidenceParts, finding: Finding): Promise<Advanced | undefined> {
  const { unit, epoch } = finding
  const advanced = advance(finding)
  const stops = advanced?.decisions.some(({ at, kind }) => at === unit.at && kind !== 'hold')
  if (!stops || parts.observes) return advanced
  const counted = await parts.counters.apply({
    once: `fuse/${unit.id}/${epoch}`,
    at: unit.at,
    mode: 'take',
    ops: [fuseOp(parts.customers())],
  })
  // Where the number of subjects restricted so far is not known, a person looks first.
  const blown = 'failed' in counted || !(counted.taken || counted.repeated)
  return blown ? advance({ ...finding, fuseBlown: true }) : advanced
}

function owned(
  { subscribers }: EvidenceParts,
  subject: Subject,
): Pick<Finding, 'subscriber' | 'plan'> {
  const owner = ownerOf(subscribers, subject)
  return { subscriber: owner?.id, plan: owner?.plan ?? 'consumer' }
}

type Weighed = { readonly sum: number; readonly holdAt: number; readonly containAt: number }

function weighedEvent(unit: Unit, weighed: Weighed): NewEvent {
  const { at, subject, id, cell, why, nats, kinds, forStaff } = unit
  const more = forStaff === undefined ? weighed : { ...weighed, forStaff }
  return { kind: 'evidence-weighed', at, subject, unit: id, cell, why, nats, ...more, kinds }
}

type Moved = { readonly sum: number; readonly now: CaseNow; readonly usual: number }

function rowOf(unit: Unit, advanced: Advanced, { sum, now, usual }: Moved): LedgerRow {
  const { nats } = unit
  const previous = now.incident?.sum ?? 0
  const elapsed = unit.at - (now.incident?.changedAt ?? unit.at)
  return {
    ...unit,
    sum,
    forgotten: forgottenSince({ previous, nats, sum, perDay: forgottenPerDay(usual), elapsed }),
    incident: advanced.incident.id,
  }
}

const freshNames = (names: Names): Finding['fresh'] => ({
  incident: names.record(),
  caseCode: names.caseCode(),
  decision: names.record(),
})

function consequences(advanced: Advanced, at: number): NewEvent[] {
  const { incident, opened, changed } = advanced
  return [
    ...(changed ? [caseChanged(incident, at, opened)] : []),
    ...advanced.decisions.filter(one => one.at === at).map(one => decisionMade(one, at)),
    ...advanced.ended.map(one => decisionEnded(one, at)),
  ]
}

function usualOf(event: Event, subject: Subject): number {
  const usual = (event as Partial<EventOf<'tx-commit'>>).usual
  return usual?.[subject] ?? LEAST_USUAL
}
