// Sessions of a login that is stopped are cut at once, on every node; so are those of a login about which a person decides anything.

import { isLine, subjectName } from '../../model/evidence.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Sessions } from '../../ports/sessions.ts'
import { type Effect, madeBy } from './effect.ts'

type SessionEffectParts = { readonly cases: Pick<Cases, 'inForce'>; readonly sessions: Sessions }

export const cutSessions: Effect<SessionEffectParts> = {
  name: 'cutting sessions',
  where: 'everywhere',
  follow: async (save, { cases, sessions }) => {
    const { subject } = save.incident
    if (isLine(subject)) return
    const made = madeBy(save, cases.inForce(subject))
    const stopped = made.some(
      ({ kind, by }) => by === 'staff' || kind === 'stop-login' || kind === 'suspend',
    )
    if (stopped) sessions.cut(subjectName(subject))
  },
}
