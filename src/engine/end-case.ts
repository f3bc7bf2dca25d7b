// A case is released: what was decided ends, and network, sessions and held mail follow.

import { release } from '../core/isolation/release.ts'
import type { EndedBy } from '../model/decision.ts'
import type { Incident } from '../model/incident.ts'
import type { OrderOutcome } from '../model/order.ts'
import { caseChanged, decisionEnded } from './case-events.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function endCase(
  parts: Pick<OrderParts, 'ledger' | 'reporter' | 'follow'>,
  incident: Incident,
  by: EndedBy,
  at: number,
): Promise<OrderOutcome> {
  const released = release(incident, parts.ledger.inForce(incident.subject), by, at)
  if (!released.ok) return refused(released.why)
  await parts.ledger.save({ incidents: [released.incident], decisions: released.ended })
  for (const decision of released.ended) parts.reporter.note(decisionEnded(decision, at))
  parts.reporter.note(caseChanged(released.incident, at))
  await parts.follow(released.incident, at)
  return done(`Case ${incident.caseCode} is released. It stays in probation for two weeks.`)
}
