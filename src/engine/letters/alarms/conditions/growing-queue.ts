// More recipients wait for delivery than usual: a destination is away, or much is sent that should not be.

import { formatDuration, MINUTE } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

export const growingQueue: Condition<Pick<ConditionSources, 'queue' | 'queueLimit'>> = {
  name: 'queue',
  quietFor: 30 * MINUTE,
  look: async ({ queue, queueLimit }, at) => {
    const queued = (await queue()).find(({ state }) => state === 'queued')
    const limit = queueLimit()
    if (!queued || queued.recipients <= limit) return []
    return [
      {
        about: 'queue',
        words: `${queued.recipients} recipients wait for delivery, more than ${limit} (alarms.queue); the oldest for ${formatDuration(at - queued.since)}.`,
        undo: 'cordon queue',
      },
    ]
  },
}
