// Lets go what waited for the window of its sender.

import { SECOND } from '../../model/duration.ts'
import type { Window } from '../evidence/window.ts'
import type { Chore } from './chore.ts'

export const windowTurns: Chore<{ readonly window: Pick<Window, 'look'> }> = {
  name: 'mail that waits its turn',
  every: 15 * SECOND,
  where: 'everywhere',
  run: ({ window }, at) => window.look(at),
}
