// Effects of decisions, of other nodes as well, and effects that failed before.

import { SECOND } from '../../model/duration.ts'
import type { Effects } from '../effects/effects.ts'
import type { Chore } from './chore.ts'

export const followDecisions: Chore<{ readonly effects: Pick<Effects, 'wake' | 'keep'> }> = {
  name: 'what follows from decisions',
  every: SECOND,
  where: 'everywhere',
  run: async ({ effects }) => {
    await effects.wake()
    await effects.keep()
  },
}
