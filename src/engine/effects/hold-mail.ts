// Mail with evidence that waits for delivery or for its turn, and is not on its way yet, waits with the rest once there is a decision.

import { lastHolding } from '../../core/isolation/mail-verdict.ts'
import { waitsFor } from '../../core/isolation/waits-for.ts'
import { heldWhy } from '../../model/held-for.ts'
import type { Cases } from '../../ports/cases.ts'
import type { QueueFilter, Spool } from '../../ports/spool.ts'
import { ANYTHING, mailOf } from '../evidence/mail-of.ts'
import { type Effect, madeBy } from './effect.ts'

type HoldEffectParts = {
  readonly cases: Pick<Cases, 'inForce'>
  readonly spool: Pick<Spool, 'change'>
}

export const holdMail: Effect<HoldEffectParts> = {
  name: 'holding mail',
  where: 'everywhere',
  follow: async (save, { cases, spool }) => {
    const { subject } = save.incident
    const made = madeBy(save, cases.inForce(subject)).filter(({ by }) => by === 'evidence')
    if (made.length === 0) return undefined
    const last = lastHolding(made)
    if (!last) return undefined
    const help = waitsFor(save.incident.caseCode, last)
    const why = heldWhy({ reason: 'evidence', help })
    const state = ['queued', 'paced'] as const
    const waiting: QueueFilter = { ...mailOf(subject), state, minNats: ANYTHING }
    return spool.change(waiting, { to: 'held', due: last.until, why })
  },
}
