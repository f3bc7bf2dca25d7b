// What becomes of a case by what evidence by episodes decides of its subject: mail waits in the window (`hold`), a login is refused from a network or
// stopped, a line is isolated. Pure. It is asked again with each message, so a crash in between only delays it to the next one.
// Not here: what the sum of the table does (advance.ts); both write one case.

import {
  type Decision,
  type DecisionKind,
  LONGEST,
  QUIET_FOR,
  stops,
  type WindowHold,
} from '../../model/decision.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { EpisodeDecision, IsolationsByMail } from '../../model/episode.ts'
import { type EvidenceKind, isLine, type Subject } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Plan } from '../../model/subscriber.ts'
import { type Advanced, isHalfCertainBefore } from './advance.ts'
import { expire } from './deadlines.ts'
import { imposed } from './impose.ts'
import { whatIsSeen } from './what-is-seen.ts'

export type AskedLevel = {
  readonly subject: Subject
  readonly at: number
  readonly decision: EpisodeDecision
  /** Nats: X, and S. */
  readonly suspicion: number
  readonly sum: number
  readonly kinds: readonly EvidenceKind[]
  /** Networks that the login is refused from. */
  readonly refuses: readonly number[]
  /** When the episode began that adds to the sum; 0: it adds nothing. */
  readonly newSince: number
}

export type AskedOf = {
  readonly asked: AskedLevel
  readonly incident: Incident | undefined
  readonly inForce: readonly Decision[]
  /** For a case that is not open yet. */
  readonly file: Omit<Incident, 'status' | 'changedAt' | 'summary'>
  readonly decision: string
  readonly plan: Plan
  readonly isolateByMail: IsolationsByMail
  readonly fuseBlown: boolean
  /** A hold ends below this X, and so much of it is forgotten a day. */
  readonly ends: { readonly below: number; readonly perDay: number }
}

/** The end of a hold moves by more than this, or not at all. */
const MOVES = HOUR
/** A hold lasts for so long at least. */
const LEAST = HOUR

/** Whether there is anything to ask: for nearly every message there is not. */
export const isAsked = (decision: EpisodeDecision, inForce: readonly Decision[]): boolean =>
  decision !== 'pace' || inForce.some(({ byWindow }) => byWindow)

/** Isolation by mail alone is only told; where the network saw something, too, it is done. */
export const isOnlyTold = (isolateByMail: IsolationsByMail, kinds: readonly string[]): boolean =>
  isolateByMail === 'observe' && !kinds.includes('network')

/** The case and decisions to save; undefined where all is as it was decided. */
export function advanceAsked(found: AskedOf): Advanced | undefined {
  const { asked, incident, inForce } = found
  // What was seen before a release is over.
  if (asked.at < (incident?.releasedAt ?? 0)) return undefined
  if (asked.decision === 'pace') return ended(found)
  if (inForce.some(stops)) return undefined
  const kind = stopping(found)
  return kind ? contained(found, kind) : held(found)
}

function ended({ asked: { at }, incident, inForce }: AskedOf): Advanced | undefined {
  const over = inForce.map(one => (one.byWindow && one.until > at ? { ...one, until: at } : one))
  const expired = incident && inForce.some(one => one.byWindow) && expire(incident, over, at)
  if (!expired) return undefined
  const changed = expired.incident.status !== incident.status
  return { ...expired, opened: false, changed, decisions: [] }
}

/** What stops the subject, where that is decided and nothing speaks against it. */
function stopping(found: AskedOf): DecisionKind | undefined {
  const { asked, incident, plan, isolateByMail, fuseBlown } = found
  const { subject, decision, kinds, newSince, at } = asked
  // What a release left of the sum says nothing new.
  const isOld = incident?.releasedAt !== undefined && newSince <= incident.releasedAt
  if (fuseBlown || isOld) return undefined
  const isConfirmed = isHalfCertainBefore(incident, kinds, at)
  if (!isLine(subject)) return decision === 'stop-login' || isConfirmed ? 'stop-login' : undefined
  if (plan === 'site') return undefined
  const isIsolated = decision === 'isolate' && !isOnlyTold(isolateByMail, kinds)
  return isIsolated || isConfirmed ? 'isolate' : undefined
}

function contained(found: AskedOf, kind: DecisionKind): Advanced {
  const { asked, incident, inForce, file } = found
  const { at, subject, sum } = asked
  const open = incident ?? file
  const decision: Decision = {
    ...made(found, kind),
    // A stolen password is no other one after three quiet days: it is for a new password, or staff, to end this.
    until: at + (kind === 'stop-login' ? LONGEST[kind] : QUIET_FOR),
  }
  const { kinds } = asked
  const why = `${whatIsSeen(subject, kinds)} (${sum.toFixed(1)} nats: ${kinds.join(', ')})`
  const over = inForce
    .filter(one => one.kind === 'hold')
    .map((one): Decision => ({ ...one, endedAt: at, endedBy: 'stronger' }))
  const next = imposed(withKinds(open, asked), decision, [], why)
  return {
    incident: next,
    opened: !incident,
    changed: true,
    decisions: [decision],
    ended: over,
  }
}

function held(found: AskedOf): Advanced | undefined {
  const { asked, incident, inForce, file, ends } = found
  const { at, suspicion, refuses, decision } = asked
  const forgotten = ((suspicion - ends.below) / ends.perDay) * DAY
  const until = Math.round(at + Math.max(LEAST, forgotten))
  const byWindow: WindowHold = {
    refuses,
    ...(isLine(asked.subject) && decision === 'isolate' ? { wouldIsolate: true as const } : {}),
  }
  const standing = inForce.find(one => one.byWindow)
  const isSame = standing?.byWindow && says(standing.byWindow) === says(byWindow)
  if (standing && isSame && until - standing.until <= MOVES) return undefined
  const hold = standing
    ? { ...standing, byWindow, until: Math.max(until, standing.until) }
    : { ...made(found, 'hold'), byWindow, until }
  const file1 = withKinds(incident ?? file, asked)
  const others = inForce.filter(one => one !== standing)
  const next = isSame && incident ? incident : imposed(file1, hold, others, words(found, byWindow))
  return {
    incident: { ...next, ...(isSame ? {} : { changedAt: at }) },
    opened: !incident,
    changed: !isSame,
    decisions: [hold],
    ended: [],
  }
}

const says = ({ refuses, wouldIsolate }: WindowHold): string => `${refuses.join()} ${wouldIsolate}`

const made = (
  { asked: { at, subject }, file, incident, decision }: AskedOf,
  kind: DecisionKind,
): Omit<Decision, 'until'> => ({
  id: decision,
  incident: (incident ?? file).id,
  subject,
  kind,
  at,
  by: 'evidence',
})

const withKinds = <F extends Pick<Incident, 'kinds'>>(file: F, { kinds }: AskedLevel): F => ({
  ...file,
  kinds: [...new Set([...file.kinds, ...kinds])],
})

/** For the call centre. */
function words({ asked }: AskedOf, { refuses, wouldIsolate }: WindowHold): string {
  const nats = `${asked.suspicion.toFixed(1)} nats`
  const from = refuses.length === 1 ? 'a network new to it' : `${refuses.length} networks new to it`
  return [
    `Mail waits in the window (${nats}: ${asked.kinds.join(', ')})`,
    ...(refuses.length > 0 ? [`the login is refused from ${from}`] : []),
    ...(wouldIsolate ? ['it would isolate the line (evidence.isolateByMail: observe)'] : []),
  ].join('; ')
}
