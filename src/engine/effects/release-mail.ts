// After a release, everything of the subscriber that is held in this node's queue is looked at again.

import { lookAgainAt, type SecondLookParts } from '../chores/second-look.ts'
import type { Effect } from './effect.ts'

export const releaseMail: Effect<{ readonly secondLook: SecondLookParts }> = {
  name: 'releasing mail',
  where: 'everywhere',
  follow: async ({ incident, decisions, whole }, { secondLook }) => {
    const { status, subscriber, changedAt } = incident
    const ended = whole || decisions.some(({ endedAt }) => endedAt !== undefined)
    if (status !== 'probation' || subscriber === undefined || !ended) return undefined
    const at = Math.max(changedAt, ...decisions.map(({ endedAt }) => endedAt ?? 0))
    return lookAgainAt(secondLook, subscriber, at)
  },
}
