// What a case becomes when a person decides something about it. A weaker decision takes nothing from a stronger one in force.

import { type Decision, stops, strongest } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'

/** The case under a new decision, beside those in force. A redirected line is a suspect: evidence may still contain it. */
export function imposed(
  file: Omit<Incident, 'status' | 'changedAt' | 'summary'> & Partial<Pick<Incident, 'summary'>>,
  decision: Decision,
  inForce: readonly Decision[],
  why: string,
): Incident {
  const all = [...inForce, decision]
  const contained = all.some(stops)
  const says = strongest(decision.kind, inForce)
  const held = all.some(({ kind }) => kind === 'hold')
  return {
    ...file,
    status: contained ? 'contained' : held ? 'held' : 'watched',
    decision: says,
    changedAt: decision.at,
    summary: says === decision.kind ? why : (file.summary ?? why),
  }
}
