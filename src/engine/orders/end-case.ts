// A case is released: what was decided ends, and network, sessions and held mail follow.

import { ALREADY_OVER, release } from '../../core/isolation/release.ts'
import type { EndedBy } from '../../model/decision.ts'
import { heldFor, isOverLimit } from '../../model/held-for.ts'
import type { Incident } from '../../model/incident.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Reason } from '../../model/reason.ts'
import { changeCase } from '../evidence/change-case.ts'
import { caseChanged, decisionEnded } from '../evidence/case-events.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function endCase(
  parts: Pick<OrderParts, 'cases' | 'reporter' | 'followed' | 'spool'>,
  incident: Incident,
  by: EndedBy,
  at: number,
): Promise<OrderOutcome> {
  const before = by === 'staff' ? await held(parts, incident) : undefined
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
  const mail = before ? heldMail(before, (await held(parts, incident)) ?? new Map()) : ''
  return done(`Case ${incident.caseCode} is released. It stays in probation for two weeks.${mail}`)
}

/** Of messages that are held, what each waits for; undefined where a case is about nobody who has any. */
async function held(
  { spool }: Pick<OrderParts, 'spool'>,
  { subscriber }: Incident,
): Promise<Held | undefined> {
  if (subscriber === undefined) return undefined
  const rows = await spool.list({ state: 'held', subscriber, limit: MOST })
  return new Map(rows.map(row => [row.message, heldFor(row.why).reason]))
}

type Held = ReadonlyMap<string, Reason>

/** Recipients of held mail that are counted for an answer. */
const MOST = 10_000

/** What became of mail that was held, for staff. */
function heldMail(before: Held, after: Held): string {
  if (before.size === 0) return ' No mail was held.'
  const gone = [...before.keys()].filter(message => !after.has(message)).length
  const waiting = Map.groupBy(after.values(), reason =>
    isOverLimit({ reason }) ? 'limit' : reason === 'evidence' ? 'evidence' : 'rule',
  )
  const kept = (what: 'limit' | 'evidence' | 'rule', why: string) => {
    const count = waiting.get(what)?.length ?? 0
    return count === 0 ? [] : [`${messages(count)} still held${why}`]
  }
  const said = [
    ...(gone > 0 ? [`${messages(gone)} on ${gone === 1 ? 'its' : 'their'} way`] : []),
    ...kept(
      'evidence',
      ', because each by itself looks like spam to strangers: the owner sends or deletes them in the portal, or you with cordon queue release and purge',
    ),
    ...kept(
      'limit',
      ' by a limit, which no release lifts: each is sent at the time that cordon queue shows',
    ),
    ...kept('rule', ' by a rule that keeps mail for the postmaster'),
  ]
  return ` Of the mail that was held: ${said.join('; ')}.`
}

const messages = (count: number): string => (count === 1 ? '1 message is' : `${count} messages are`)
