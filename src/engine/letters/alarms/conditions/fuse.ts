// The fuse has blown: automation restricts no more lines and logins, and mail of further cases waits.

import { fuseOp } from '../../../../core/isolation/fuse.ts'
import { MINUTE } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

export const fuse: Condition<Pick<ConditionSources, 'counters' | 'customers'>> = {
  name: 'fuse',
  quietFor: 5 * MINUTE,
  look: async ({ counters, customers }, at) => {
    const op = fuseOp(customers())
    const peeked = await counters.apply({ at, mode: 'peek', ops: [op] })
    if ('failed' in peeked || peeked.refusedBy === undefined) return []
    const limit = 'limit' in op ? op.limit : undefined
    return [
      {
        about: 'automation',
        words: `Automation has restricted ${limit ?? 'as many'} customers within an hour, as many as it may: it restricts no more, and mail of further cases waits for staff. Either very many machines are infected, or a rule or a list is wrong: look at a few cases first.`,
        undo: 'cordon incident list',
      },
    ]
  },
}
