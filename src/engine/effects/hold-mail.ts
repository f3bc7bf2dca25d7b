// Mail with evidence that waits for delivery, and is not on its way yet, waits with the rest once there is a decision.

import { lastHolding } from '../../core/isolation/mail-verdict.ts'
import { waitsFor } from '../../core/isolation/waits-for.ts'
import { heldWhy } from '../../model/held-for.ts'
import { isLine, type Subject, subjectName } from '../../model/evidence.ts'
import type { Cases } from '../../ports/cases.ts'
import type { QueueFilter, Spool } from '../../ports/spool.ts'
import { type Effect, madeBy } from './effect.ts'

type HoldEffectParts = {
  readonly cases: Pick<Cases, 'inForce'>
  readonly spool: Pick<Spool, 'change'>
}

/** What a message must say for infection to be held: anything at all, in nats. */
const ANYTHING = 0.01

export const holdMail: Effect<HoldEffectParts> = {
  name: 'holding mail',
  where: 'everywhere',
  follow: (save, { cases, spool }) => {
    const { subject } = save.incident
    const made = madeBy(save, cases.inForce(subject)).filter(({ by }) => by === 'evidence')
    if (made.length === 0) return undefined
    const last = lastHolding(made)
    if (!last) return undefined
    const help = waitsFor(save.incident.caseCode, last)
    const why = heldWhy({ reason: 'evidence', help })
    const waiting: QueueFilter = { ...mailOf(subject), state: 'queued', minNats: ANYTHING }
    return spool.change(waiting, { to: 'held', due: last.until, why })
  },
}

/** A login's mail, or all mail of the line's subscriber. */
function mailOf(subject: Subject): QueueFilter {
  return isLine(subject) ? { subscriber: subjectName(subject) } : { login: subjectName(subject) }
}
