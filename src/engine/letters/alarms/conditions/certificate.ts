// A certificate that expires within fourteen days: a program that renews certificates has done so by then.

import { endsSoon } from '../../../../model/certificate-end.ts'
import { MINUTE } from '../../../../model/duration.ts'
import { dayIn } from '../../../../model/local-time.ts'
import type { Condition, ConditionSources } from '../condition.ts'

export const certificate: Condition<Pick<ConditionSources, 'certificates' | 'clientsNow'>> = {
  name: 'certificate',
  quietFor: 5 * MINUTE,
  look: async ({ certificates, clientsNow }) => {
    const now = clientsNow()
    return certificates()
      .filter(({ to }) => endsSoon(to, now))
      .map(({ name, to }) => ({
        about: name,
        words: `The TLS certificate "${name}" ${to <= now ? 'expired' : 'expires'} on ${dayIn('UTC', to)}: clients that look at it hand over no mail then.`,
        undo: 'cordon reload',
      }))
  },
}
