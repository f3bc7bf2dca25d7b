// What ends by itself. Every restriction does; a chore asks this once in a while.

import type { Decision } from '../../model/decision.ts'
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
  const strong = over.some(decision => decision.kind !== 'hold' && decision.kind !== 'watch')
  if (strong && over.length === inForce.length) {
    const released = release(incident, inForce, 'time', at)
    if (released.ok) return { incident: released.incident, ended: released.ended }
  }
  if (over.length > 0) {
    const ended = over.map((decision): Decision => ({ ...decision, endedAt: at, endedBy: 'time' }))
    const calm = incident.status === 'held' && over.length === inForce.length
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
