// A source of leases or traffic that says what cannot be used, or of which much is lost on the way.

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
