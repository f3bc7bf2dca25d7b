// A line that was found infected loses its opt-out.

import type { DecisionKind } from '../../model/decision.ts'
import { isLine, subjectName } from '../../model/evidence.ts'
import type { Cases } from '../../ports/cases.ts'
import { type OptOutParts, takeAwayOptOuts } from '../port25/opt-outs.ts'
import { type Effect, madeBy } from './effect.ts'

type OptOutEffectParts = {
  readonly cases: Pick<Cases, 'inForce'>
  readonly optOut: OptOutParts | undefined
}

/** Decisions that close a line's port 25. */
const CLOSES: ReadonlySet<DecisionKind> = new Set(['isolate', 'suspend'])

export const takeAway: Effect<OptOutEffectParts> = {
  name: 'opt-outs',
  where: 'once',
  follow: async (save, { cases, optOut }) => {
    const { subject, changedAt } = save.incident
    if (!optOut || !isLine(subject)) return undefined
    const closes = madeBy(save, cases.inForce(subject)).some(({ kind }) => CLOSES.has(kind))
    return closes ? takeAwayOptOuts(optOut, subjectName(subject), changedAt) : undefined
  },
}
