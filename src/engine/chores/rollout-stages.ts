// Where port 25 is closed part by part: each part is looked after, and the minutes in which sensors watch are counted.

import { MINUTE } from '../../model/duration.ts'
import type { Rollouts } from '../port25/rollouts.ts'
import type { Chore } from './chore.ts'

export const rolloutStages: Chore<{ readonly rollouts: Pick<Rollouts, 'chore'> | undefined }> = {
  name: 'the rollout',
  every: MINUTE,
  where: 'once',
  first: true,
  run: async ({ rollouts }, at) => rollouts?.chore(at),
}
