// What follows from what was saved of cases and decisions: an entry of the list in effects.ts. It is told of each save at least once, of
// some of them more often and late: after a crash, or when the first try failed. So it looks at what is in force now, and doing it
// twice is the same as once.

import type { Decision } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'

/** A case and the decisions that were saved with it: new ones, ones whose end was moved, ones that ended. */
export type Save = {
  readonly incident: Incident
  readonly decisions: readonly Decision[]
  /** Not one save but all there is of a case now: what was saved is not known any more. */
  readonly whole?: true
}

export interface Effect<P> {
  /** As it is called in the log. */
  readonly name: string
  /** On every node, about what each has of its own; or on one, about what all of them share. */
  readonly where: 'everywhere' | 'once'
  /** Undefined when nothing follows. Rejects when it could not be done: it is then asked again. */
  follow(save: Save, parts: P): Promise<unknown> | undefined
}

/** Decisions that were made by this save, not before, and are not over by now. */
export function madeBy(
  { incident, decisions, whole }: Save,
  inForce: readonly Decision[],
): readonly Decision[] {
  return decisions.filter(
    ({ id, at }) =>
      (whole || at === incident.changedAt) && inForce.some(decision => decision.id === id),
  )
}

/** The case was released by this save. */
export const isRelease = ({ incident, whole }: Save): boolean =>
  incident.status === 'probation' && (whole || incident.releasedAt === incident.changedAt)
