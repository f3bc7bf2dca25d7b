// A source of leases or traffic that is silent, or says what cannot be used: without it lines are not known.

import { MINUTE } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

export const sensor: Condition<Pick<ConditionSources, 'worries'>> = {
  name: 'sensor',
  quietFor: 10 * MINUTE,
  look: async ({ worries }) =>
    worries().map(({ what, about, words }) => ({
      about: `${what} ${about}`,
      words: `${about}: ${words}`,
      undo: 'cordon network status',
    })),
}
