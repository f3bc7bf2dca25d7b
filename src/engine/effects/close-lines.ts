// The network follows every decision about a line: what it holds of this customer is brought in line.

import { isLine, subjectName } from '../../model/evidence.ts'
import { reconcile, type ReconcileParts } from '../network/reconcile.ts'
import type { Effect } from './effect.ts'

export const closeLines: Effect<{ readonly reconciler: ReconcileParts }> = {
  name: 'the network',
  where: 'once',
  follow: async ({ incident: { subject, changedAt }, decisions, whole }, { reconciler }) => {
    // An end that was moved is brought to the routers within the minute; so is what no line can tell.
    const news = decisions.some(
      ({ kind, at, endedAt }) => kind !== 'hold' && (at === changedAt || endedAt !== undefined),
    )
    return isLine(subject) && (whole || news)
      ? reconcile(reconciler, subjectName(subject))
      : undefined
  },
}
