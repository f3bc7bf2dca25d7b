// What becomes of a case where evidence only observes (`evidence.mode: observe`): it is written down, and restricts nothing. Pure. What staff have
// decided goes on, and evidence may move its end.

import { type Decision, type DecisionKind, strongest } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import type { Advanced } from './advance.ts'

/** What would be decided once more is told once in this time. */
const TOLD_EVERY = DAY

export type Observed = {
  readonly advanced: Advanced
  /** What would be decided now; absent where that is told already. */
  readonly tells?: DecisionKind
}

/** `before`: the case as it was, with its decisions in force. `at`: of the evidence. */
export function observed(
  advanced: Advanced,
  before: { readonly incident: Incident | undefined; readonly inForce: readonly Decision[] },
  at: number,
): Observed {
  const { incident, inForce } = before
  const stands = new Set(inForce.map(one => one.id))
  const moved = advanced.decisions.filter(one => stands.has(one.id))
  const [first, ...more] = advanced.decisions.filter(one => !stands.has(one.id))
  const would = first && strongest(first.kind, more)
  const last = incident?.observed
  const isTold =
    would === undefined || (last !== undefined && last.what === would && at - last.at < TOLD_EVERY)
  const status = incident?.status ?? 'watched'
  const { decision: _, ...file } = advanced.incident
  const told = incident?.observed ? { summary: incident.summary } : {}
  return {
    advanced: {
      incident: {
        ...file,
        status,
        ...(incident?.decision ? { decision: incident.decision } : {}),
        ...(isTold ? told : { observed: { what: would, at }, summary: words(file.summary, would) }),
      },
      opened: advanced.opened,
      changed: advanced.opened || !isTold,
      decisions: moved,
      ended: [],
    },
    ...(isTold ? {} : { tells: would }),
  }
}

const words = (summary: string, would: DecisionKind): string =>
  `${summary}; it would be decided: ${would} (evidence.mode: observe)`
