// A person or a chore wants something done. Every order is answered, audited and told to the journal.

import { type FeedParts, takeFeed } from './take-feed.ts'
import { imposed } from '../core/isolation/impose.ts'
import { ALREADY_OVER, release } from '../core/isolation/release.ts'
import type { Decision, EndedBy } from '../model/decision.ts'
import { HOUR } from '../model/duration.ts'
import { isLine, loginOf, type Subject, subjectName } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
import type { Actor, GivenOrder, Order, OrderOutcome } from '../model/order.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { MoveLeases } from '../ports/leases.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Names } from '../ports/names.ts'
import type { Sessions } from '../ports/sessions.ts'
import type { Spool } from '../ports/spool.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { addAppPassword, removeAppPassword } from './app-password-orders.ts'
import { changeCase } from './change-case.ts'
import { caseChanged, decisionEnded, decisionMade } from './case-events.ts'
import { type DriverParts, driverOrder } from './driver-orders.ts'
import { ownerOf } from './gather.ts'
import { mayTouch } from './may-touch.ts'
import { carryOutOptOut, isOptOutOrder, optOutTarget, withoutCodes } from './opt-out-orders.ts'
import type { OptOutParts } from './opt-outs.ts'
import { done, flushQueue, purgeEvidence, refused, settleMessage } from './queue-orders.ts'
import type { Reporter } from './report.ts'
import type { Rollouts } from './rollouts.ts'

export type CommandParts = FeedParts &
  DriverParts & {
    readonly ledger: Ledger
    readonly spool: Spool
    readonly subscribers: Subscribers
    readonly credentials: Credentials
    readonly names: Names
    readonly sessions: Sessions
    readonly reporter: Pick<Reporter, 'note'>
    /** Brings network, sessions and held mail in line after a case changed. */
    readonly follow: (incident: Incident, at: number) => Promise<void>
    readonly moveLeases: MoveLeases
    readonly optOut: OptOutParts | undefined
    /** Somewhere port 25 is turned to a listener of ours. */
    readonly turnsToUs?: boolean | undefined
    readonly rollouts: Rollouts | undefined
  }

/** What a customer may order about what is theirs; all else is for staff and chores, whatever a door lets through. */
const OWNERS_MAY: ReadonlySet<Order['kind']> = new Set([
  'release',
  'change-password',
  'add-app-password',
  'remove-app-password',
  'release-message',
  'purge-message',
  'begin-factor',
  'confirm-factor',
  'remove-factor',
  'ask-opt-out',
  'confirm-opt-out',
  'renew-opt-out',
  'end-opt-out',
])

export function createCommand(parts: CommandParts): (given: GivenOrder) => Promise<OrderOutcome> {
  return async given => {
    const allowed = given.actor.kind !== 'owner' || OWNERS_MAY.has(given.order.kind)
    const answer = allowed ? await carryOut(parts, given) : refused('That is for our staff to do.')
    const outcome = withoutSecret(answer)
    await parts.ledger.save({ audit: [{ given: censored(given), outcome }] })
    parts.reporter.note({
      kind: 'order-given',
      at: given.at,
      actor: actorName(given.actor),
      order: given.order.kind,
      target: targetOf(given.order),
      outcome,
    })
    return answer
  }
}

function carryOut(parts: CommandParts, given: GivenOrder): Promise<OrderOutcome> {
  const { order } = given
  switch (order.kind) {
    case 'release':
      return releaseIncident(parts, given, order.incident)
    case 'impose':
      return impose(parts, given, order)
    case 'change-password':
      return changePassword(parts, given, order)
    case 'release-message':
    case 'purge-message':
      return settleMessage(parts, given, order)
    case 'add-app-password':
      return addAppPassword(parts, given, order)
    case 'remove-app-password':
      return removeAppPassword(parts, given, order)
    case 'purge-evidence':
      return purgeEvidence(parts, given, order)
    case 'flush-queue':
      return flushQueue(parts, given)
    case 'open-lease':
    case 'close-lease':
      return moveLease(parts, given, order)
    case 'import-leases':
      return importLeases(parts, order)
    case 'take-feed':
      return takeFeed(parts, given, order)
    case 'flush-driver':
    case 'fill-driver':
      return driverOrder(parts, order)
    case 'announce-rollout':
    case 'start-rollout':
    case 'back-rollout':
      return parts.rollouts
        ? parts.rollouts.order(given, order)
        : Promise.resolve(refused('There is no rollout here.'))
    default:
      return carryOutOptOut(parts.optOut, given, order)
  }
}

async function releaseIncident(
  parts: CommandParts,
  given: GivenOrder,
  id: string,
): Promise<OrderOutcome> {
  const [incident] = await parts.ledger.incidents({ id })
  if (!incident || !mayTouch(given.actor, incident.subscriber))
    return refused(`There is no incident ${id}.`)
  return end(parts, incident, given.actor.kind === 'owner' ? 'owner' : 'staff', given.at)
}

async function end(
  parts: CommandParts,
  incident: Incident,
  by: EndedBy,
  at: number,
): Promise<OrderOutcome> {
  let why = ALREADY_OVER
  const released = await changeCase(parts.ledger, incident.subject, now => {
    if (now.incident?.id !== incident.id) return undefined
    const answer = release(now.incident, now.inForce, by, at)
    if (answer.ok) return answer
    why = answer.why
    return undefined
  })
  if (!released) return refused(why)
  for (const decision of released.ended) parts.reporter.note(decisionEnded(decision, at))
  parts.reporter.note(caseChanged(released.incident, at))
  await parts.follow(released.incident, at)
  return done(`Case ${incident.caseCode} is released. It stays in probation for two weeks.`)
}

/** Hours that somebody's port 25 may lead to our server: a mail server behind it waits meanwhile. */
const MAX_TURNED = 24

async function impose(
  parts: CommandParts,
  given: GivenOrder,
  order: Extract<Order, { kind: 'impose' }>,
): Promise<OrderOutcome> {
  const subject = order.subject as Subject
  const owner = ownerOf(parts.subscribers, subject)
  if (!owner)
    return refused(
      `There is no line or login called ${order.subject}. Write line:CUSTOMER or login:NAME.`,
    )
  const fits = isLine(subject)
    ? order.decision !== 'stop-login'
    : order.decision === 'stop-login' || order.decision === 'hold'
  if (!fits)
    return refused(`${order.decision} is not something that can be done to ${order.subject}.`)
  const turned = order.decision === 'turn-round' && parts.turnsToUs === true
  if (turned && (owner.plan === 'expert' || owner.plan === 'business'))
    return refused(
      `${order.subject} is an ${owner.plan} line: its port 25 is never turned to our server. Isolate it, if there is reason to.`,
    )
  if (turned && order.hours > MAX_TURNED)
    return refused(`Port 25 is turned to our server for ${MAX_TURNED} hours at the most.`)
  const fresh = { id: parts.names.record(), caseCode: parts.names.caseCode() }
  const decided = {
    id: parts.names.record(),
    subject,
    kind: order.decision,
    at: given.at,
    until: given.at + order.hours * HOUR,
    by: 'staff' as const,
  }
  const changed = await changeCase(parts.ledger, subject, ({ incident: open, inForce, epoch }) => {
    const file = open ?? newFile(fresh, { subject, subscriber: owner.id, at: given.at, epoch })
    const decision: Decision = { ...decided, incident: file.id }
    const incident = imposed(file, decision, inForce, order.why)
    return { incident, decisions: [decision], opened: open === undefined }
  })
  if (!changed) return refused('Nothing is to be done.')
  const { incident, opened } = changed
  parts.reporter.note(caseChanged(incident, given.at, opened))
  for (const decision of changed.decisions) parts.reporter.note(decisionMade(decision, given.at))
  await parts.follow(incident, given.at)
  return done(
    `${order.decision} on ${order.subject} for ${order.hours} h, case ${incident.caseCode}.`,
  )
}

const newFile = (
  fresh: Pick<Incident, 'id' | 'caseCode'>,
  about: { subject: Subject; subscriber: string; at: number; epoch: number },
): Omit<Incident, 'status' | 'changedAt' | 'summary'> => ({
  ...fresh,
  rev: 0,
  subject: about.subject,
  subscriber: about.subscriber,
  openedAt: about.at,
  sum: 0,
  holdAt: 0,
  containAt: 0,
  bits: [],
  epoch: about.epoch,
})

/** A new password ends a stolen one. */
async function changePassword(
  parts: CommandParts,
  given: GivenOrder,
  order: Extract<Order, { kind: 'change-password' }>,
): Promise<OrderOutcome> {
  const owner = parts.subscribers.byLogin(order.login)
  if (!owner || !mayTouch(given.actor, owner.id))
    return refused(`There is no mail account ${order.login} of yours.`)
  if (order.password.length < 10)
    return refused('Please take a password of at least ten characters.')
  await parts.credentials.setPassword(order.login, order.password)
  const incident = parts.ledger.open(loginOf(order.login))
  const stopped = parts.ledger.inForce(loginOf(order.login)).length > 0
  if (incident && stopped) {
    const ended = await end(parts, incident, 'password-change', given.at)
    if (!ended.done) return done(`The password of ${order.login} is changed. ${ended.text}`)
  }
  return done(`The password of ${order.login} is changed. Put it into your mail programs.`)
}

async function moveLease(
  parts: CommandParts,
  given: GivenOrder,
  order: Extract<Order, { kind: 'open-lease' | 'close-lease' }>,
): Promise<OrderOutcome> {
  const { lease } = order
  await parts.moveLeases([
    order.kind === 'open-lease'
      ? { kind: 'open', lease }
      : { kind: 'close', lease: { ...lease, to: given.at } },
  ])
  return done(
    `${lease.prefix} ${order.kind === 'open-lease' ? 'belongs to' : 'left'} ${lease.subscriber}.`,
  )
}

async function importLeases(
  { subscribers, moveLeases }: CommandParts,
  { leases }: Extract<Order, { kind: 'import-leases' }>,
): Promise<OrderOutcome> {
  const known = leases.filter(({ subscriber }) => subscribers.get(subscriber))
  await moveLeases(known.map(lease => ({ kind: 'open', lease })))
  const unknown = leases.length - known.length
  return done(
    `${known.length} leases are known${unknown === 0 ? '.' : `; ${unknown} of customers nobody knows are left out.`}`,
  )
}

/** A password is nobody's business, not even the audit's. */
function censored(given: GivenOrder): GivenOrder {
  const { order } = given
  // Whose they are is written down elsewhere, each for itself.
  if (order.kind === 'take-feed')
    return { ...given, order: { ...order, subscribers: [], keep: [] } }
  if (order.kind === 'import-leases') return { ...given, order: { ...order, leases: [] } }
  if (isOptOutOrder(order)) return { ...given, order: withoutCodes(order) }
  return order.kind === 'change-password' ? { ...given, order: { ...order, password: '' } } : given
}

function withoutSecret(outcome: OrderOutcome): OrderOutcome {
  if (!outcome.done) return outcome
  const { secret: _secret, ...told } = outcome
  return told
}

function actorName(actor: Actor): string {
  return actor.kind === 'owner' ? `owner ${actor.subscriber}` : `${actor.kind} ${actor.name}`
}

function targetOf(order: Order): string {
  switch (order.kind) {
    case 'release':
      return order.incident
    case 'impose':
      return order.subject
    case 'change-password':
      return subjectName(loginOf(order.login))
    case 'release-message':
    case 'purge-message':
      return order.message
    case 'purge-evidence':
      return 'login' in order.of ? order.of.login : order.of.subscriber
    case 'add-app-password':
      return order.login
    case 'remove-app-password':
      return order.id
    case 'flush-queue':
      return 'the queue'
    case 'open-lease':
    case 'close-lease':
      return order.lease.prefix
    case 'import-leases':
      return `${order.leases.length} leases`
    case 'take-feed':
      return `${order.subscribers.length} customers`
    case 'flush-driver':
    case 'fill-driver':
      return order.driver
    case 'announce-rollout':
    case 'start-rollout':
    case 'back-rollout':
      return order.part
    default:
      return optOutTarget(order)
  }
}
