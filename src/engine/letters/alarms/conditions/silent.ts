// A teller of leases or traffic that had spoken and is silent: what happens on its lines is not seen, and nothing says so but this.

import { formatDuration, HOUR } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

/** An access server tells of its sessions every few minutes, and in a small network some line comes or goes within this. */
const SILENT_FOR = 2 * HOUR

export const silent: Condition<Pick<ConditionSources, 'tellers'>> = {
  name: 'silent',
  // A Cordon that has been started anew does not know when it was heard.
  quietFor: 6 * HOUR,
  look: async ({ tellers }, at) =>
    tellers()
      .filter(({ heardAt }) => at - heardAt > SILENT_FOR)
      .map(({ kind, name, heardAt }) => ({
        about: `${kind} ${name}`,
        words: `${kind} ${name} has said nothing for ${formatDuration(at - heardAt)}: what happens on its lines is not seen.`,
        undo: 'cordon network status',
      })),
}
