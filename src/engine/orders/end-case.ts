// A case is released: what was decided ends, and network, sessions and held mail follow.

import { ALREADY_OVER, release } from '../../core/isolation/release.ts'
import type { EndedBy } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import type { OrderOutcome } from '../../model/order.ts'
import { changeCase } from '../evidence/change-case.ts'
import { caseChanged, decisionEnded } from '../evidence/case-events.ts'
import type { Settled } from '../chores/second-look.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function endCase(
  parts: Pick<OrderParts, 'cases' | 'reporter' | 'follow'>,
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
  const settled = await parts.follow(released.incident, at)
  const mail = by === 'owner' ? '' : heldMail(settled)
  return done(`Case ${incident.caseCode} is released. It stays in probation for two weeks.${mail}`)
}

/** What became of mail that was held, for staff. */
function heldMail(settled: Settled | undefined): string {
  if (!settled) return ''
  const { released, kept, expired, more } = settled
  const said = [
    ...(released > 0 ? [`${messages(released)} on ${released === 1 ? 'its' : 'their'} way`] : []),
    ...(kept > 0
      ? [
          `${messages(kept)} still held, because each by itself looks like spam to strangers: the owner sends or deletes them in the portal, or you with cordon queue release and purge`,
        ]
      : []),
    ...(expired > 0 ? [`${messages(expired)} returned, having been held for too long`] : []),
    ...(more ? ['the rest follows at its second look'] : []),
  ]
  return said.length === 0
    ? ' No mail was held.'
    : ` Of the mail that was held: ${said.join('; ')}.`
}

const messages = (count: number): string => (count === 1 ? '1 message is' : `${count} messages are`)
