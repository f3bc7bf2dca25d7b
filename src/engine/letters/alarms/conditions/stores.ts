// A store that cannot be read or written: mail is answered 4xx meanwhile.

import { MINUTE } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

export const stores: Condition<Pick<ConditionSources, 'problems'>> = {
  name: 'store',
  quietFor: 2 * MINUTE,
  look: async ({ problems }) => {
    // Asked twice: a disk that is busy for two seconds is no trouble.
    if ((await problems()).length === 0) return []
    const [first, ...others] = await problems()
    if (first === undefined) return []
    return [
      {
        about: 'stores',
        words: `A store does not work, and mail is answered with a temporary failure until it does: ${first}.`,
        evidence: others,
        undo: 'df -h; journalctl -u cordon',
      },
    ]
  },
}
