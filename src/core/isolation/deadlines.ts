// What ends by itself. Every restriction does; a chore asks this once in a while.

import { type Decision, stops } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import { release } from './release.ts'

/** A case that never came to anything is closed after so long without news. */
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
  const ended = over.map((decision): Decision => ({ ...decision, endedAt: at, endedBy: 'time' }))
  const strong = over.some(decision => decision.kind !== 'hold' && decision.kind !== 'watch')
  // What still holds mail, or turns port 25 round, does not contain anybody.
  const uncontained = incident.status === 'contained' && !rest.some(stops)
  if (uncontained || (strong && rest.length === 0)) {
    const released = release(incident, rest, 'time', at)
    if (released.ok) return { incident: released.incident, ended }
  }
  if (over.length > 0) {
    const calm = incident.status === 'held' && rest.length === 0
    return { incident: calm ? { ...incident, status: 'watched', changedAt: at } : incident, ended }
  }
  if (incident.status === 'probation' && at >= (incident.probationUntil ?? 0))
    return closed(incident, at)
  if (incident.status === 'watched' && at - incident.changedAt >= FORGET_AFTER)
    return closed(incident, at)
  return undefined
}

function closed(incident: Incident, at: number): Expired {
  return { incident: { ...incident, status: 'closed', changedAt: at }, ended: [] }
}
