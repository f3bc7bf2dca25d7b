// An effect of saved cases and decisions: an entry of the list in effects.ts. It is told of each save at least once, of
// some saves more often and late: after a crash, or when the first attempt failed. So an effect looks at what is in force now, and carrying
// it out twice is the same as once.

import type { Decision } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'

/** A case and the decisions that were saved with it: new ones, ones whose end was moved, ones that ended. */
export type Save = {
  readonly incident: Incident
  readonly decisions: readonly Decision[]
  /** Not one save but the whole case as it is now: the single saves are not known any more. */
  readonly whole?: true
}

export interface Effect<P> {
  /** Its name in the log. */
  readonly name: string
  /** On every node, about what each has of its own; or on one, about what all of them share. */
  readonly where: 'everywhere' | 'once'
  /** Rejects when it could not be done: `follow` is then called again. */
  follow(save: Save, parts: P): Promise<unknown>
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
