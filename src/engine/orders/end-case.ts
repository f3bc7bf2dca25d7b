// A case is released: what was decided ends, and network, sessions and held mail follow.

import { ALREADY_OVER, release } from '../../core/isolation/release.ts'
import type { EndedBy } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import type { OrderOutcome } from '../../model/order.ts'
import { changeCase } from '../evidence/change-case.ts'
import { caseChanged, decisionEnded } from '../evidence/case-events.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function endCase(
  parts: Pick<OrderParts, 'cases' | 'reporter' | 'followed'>,
  incident: Incident,
  by: EndedBy,
  at: number,
): Promise<OrderOutcome> {
  let why = ALREADY_OVER
  const released = await changeCase(parts.cases, incident.subject, now => {
    if (now.incident?.id !== incident.id) return undefined
    const answer = release(now.incident, now.inForce, by, at)
    if (answer.ok) return answer
    why = answer.why
    return undefined
  })
  if (!released) return refused(why)
  for (const decision of released.ended) parts.reporter.note(decisionEnded(decision, at))
  parts.reporter.note(caseChanged(released.incident, at))
  await parts.followed()
  return done(`Case ${incident.caseCode} is released. It stays in probation for two weeks.`)
}
