// A login that is stopped is cut off in mid-sentence, on every node; of what a person decides about a login, whatever it is.

import { isLine, subjectName } from '../../model/evidence.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Sessions } from '../../ports/sessions.ts'
import { type Effect, madeBy } from './effect.ts'

type SessionEffectParts = { readonly cases: Pick<Cases, 'inForce'>; readonly sessions: Sessions }

export const cutSessions: Effect<SessionEffectParts> = {
  name: 'cutting sessions',
  where: 'everywhere',
  follow: (save, { cases, sessions }) => {
    const { subject } = save.incident
    if (isLine(subject)) return undefined
    const made = madeBy(save, cases.inForce(subject))
    const stopped = made.some(
      ({ kind, by }) => by === 'staff' || kind === 'stop-login' || kind === 'suspend',
    )
    if (stopped) sessions.cut(subjectName(subject))
    return undefined
  },
}
