// What the network enforces is brought in line with what is decided, as a whole.

import { MINUTE } from '../../model/duration.ts'
import { reconcile, type ReconcileParts } from '../network/reconcile.ts'
import type { Chore } from './chore.ts'

export const reconcileNetwork: Chore<{ readonly reconciler: ReconcileParts }> = {
  name: 'reconciling the network',
  every: MINUTE,
  where: 'once',
  first: true,
  run: ({ reconciler }) => reconcile(reconciler),
}
