// Staff decide something by hand: the case is opened, or the one that is open says so from now on.

import type { Decision } from '../../model/decision.ts'
import { HOUR } from '../../model/duration.ts'
import { isLine, type Subject } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Given, OrderOf } from '../../orders/contract/orders.ts'
import { caseChanged, decisionMade } from '../case-events.ts'
import { ownerOf } from '../gather.ts'
import type { OrderParts } from '../order-parts.ts'
import { done, refused } from '../outcome.ts'

/** Hours that somebody's port 25 may lead to our server: a mail server behind it waits meanwhile. */
const MAX_TURNED = 24

export async function impose(
  parts: Pick<OrderParts, 'ledger' | 'subscribers' | 'names' | 'reporter' | 'follow' | 'turnsToUs'>,
  { order, at }: Given<'impose'>,
): Promise<OrderOutcome> {
  const subject = order.subject as Subject
  const owner = ownerOf(parts.subscribers, subject)
  if (!owner)
    return refused(
      `There is no line or login called ${order.subject}. Write line:CUSTOMER or login:NAME.`,
    )
  const why = unfit(order, owner, parts.turnsToUs === true)
  if (why !== undefined) return refused(why)
  const open = parts.ledger.open(subject)
  const incident: Incident = {
    ...(open ?? {
      id: parts.names.record(),
      caseCode: parts.names.caseCode(),
      subject,
      subscriber: owner.id,
      openedAt: at,
      sum: 0,
      holdAt: 0,
      containAt: 0,
      bits: [],
      epoch: parts.ledger.epoch(subject),
    }),
    status: statusAfter(order.decision),
    decision: order.decision,
    changedAt: at,
    summary: order.why,
  }
  const decision: Decision = {
    id: parts.names.record(),
    incident: incident.id,
    subject,
    kind: order.decision,
    at,
    until: at + order.hours * HOUR,
    by: 'staff',
  }
  await parts.ledger.save({ incidents: [incident], decisions: [decision] })
  parts.reporter.note(caseChanged(incident, at, open === undefined))
  parts.reporter.note(decisionMade(decision, at))
  await parts.follow(incident, at)
  return done(
    `${order.decision} on ${order.subject} for ${order.hours} h, case ${incident.caseCode}.`,
  )
}

/** Why it cannot be done to this line or login. */
function unfit(
  order: OrderOf<'impose'>,
  owner: Subscriber,
  turnsToUs: boolean,
): string | undefined {
  const fits = isLine(order.subject as Subject)
    ? order.decision !== 'stop-login'
    : order.decision === 'stop-login' || order.decision === 'hold'
  if (!fits) return `${order.decision} is not something that can be done to ${order.subject}.`
  if (order.decision !== 'turn-round' || !turnsToUs) return undefined
  if (owner.plan === 'expert' || owner.plan === 'business')
    return `${order.subject} is an ${owner.plan} line: its port 25 is never turned to our server. Isolate it, if there is reason to.`
  return order.hours > MAX_TURNED
    ? `Port 25 is turned to our server for ${MAX_TURNED} hours at the most.`
    : undefined
}

/** A line turned round is a suspect, not a culprit: evidence may still contain it. */
function statusAfter(decision: OrderOf<'impose'>['decision']): Incident['status'] {
  switch (decision) {
    case 'hold':
      return 'held'
    case 'watch':
    case 'turn-round':
      return 'watched'
    case 'isolate':
    case 'stop-login':
    case 'suspend':
      return 'contained'
    default:
      return decision satisfies never
  }
}
