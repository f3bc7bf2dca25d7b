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
    summary: says === decision.kind ? behind(why, file) : (file.summary ?? why),
  }
}

const BEFORE = '; before that: '

/** What was seen stays behind what a person says of it: the colleague who takes over must find both. */
function behind(
  why: string,
  { summary = '', kinds }: Pick<Incident, 'kinds'> & { summary?: string },
): string {
  if (summary === '') return why
  const from = summary.lastIndexOf(BEFORE)
  if (from >= 0) return why + summary.slice(from)
  // A release forgets the kinds of evidence; a trap must not be forgotten.
  return kinds.length > 0 || summary.includes('(a trap)') ? why + BEFORE + summary : why
}
