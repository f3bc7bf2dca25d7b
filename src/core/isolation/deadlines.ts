// What ends by itself. Every restriction does; a chore asks this once in a while.

import { type Decision, restricts, stops } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import { release } from './release.ts'

/** An incident with no restriction in force is closed after so long without new evidence. */
const FORGET_AFTER = 3 * DAY

export type Expired = { readonly incident: Incident; readonly ended: readonly Decision[] }

/** What has run out for this case at `at`; undefined when nothing has. */
export function expire(
  incident: Incident,
  inForce: readonly Decision[],
  at: number,
): Expired | undefined {
  const over = inForce.filter(decision => decision.until <= at)
  const rest = inForce.filter(decision => decision.until > at)
  const restricting = rest.filter(restricts)
  const ended = over.map((decision): Decision => ({ ...decision, endedAt: at, endedBy: 'time' }))
  const strong = over.some(decision => decision.kind !== 'hold' && decision.kind !== 'watch')
  // A decision that only holds mail, or redirects port 25, does not contain the subject.
  const uncontained = incident.status === 'contained' && !rest.some(stops)
  if (uncontained || (strong && restricting.length === 0)) {
    const released = release(incident, [], 'time', at)
    if (released.ok) return { incident: restricted(released.incident, restricting), ended }
  }
  if (over.length > 0) {
    const on = (incident.probationUntil ?? 0) > at ? 'probation' : 'watched'
    const now = incident.status === 'contained' ? incident : restricted(incident, restricting, on)
    return {
      incident: now.status === incident.status ? incident : { ...now, changedAt: at },
      ended,
    }
  }
  if (incident.status === 'probation' && at >= (incident.probationUntil ?? 0))
    return closed(incident, at)
  if (incident.status === 'watched' && at - incident.changedAt >= FORGET_AFTER)
    return closed(incident, at)
  return undefined
}

/** A subject in probation is not restricted: while a decision of another kind is in force, that decision gives the status of the case. */
function restricted(
  incident: Incident,
  rest: readonly Decision[],
  otherwise: 'probation' | 'watched' = 'probation',
): Incident {
  const holds = rest.some(({ kind }) => kind === 'hold')
  return { ...incident, status: holds ? 'held' : rest.length > 0 ? 'watched' : otherwise }
}

function closed(incident: Incident, at: number): Expired {
  return { incident: { ...incident, status: 'closed', changedAt: at }, ended: [] }
}
