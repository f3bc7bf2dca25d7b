// Staff decide something by hand: the case is opened, or the one that is open says so from now on.

import { imposedNotice } from '../../core/notices/notice.ts'
import { imposed } from '../../core/isolation/impose.ts'
import { type Decision, type DecisionKind, lastsFor, MAX_REDIRECTED } from '../../model/decision.ts'
import { HOUR } from '../../model/duration.ts'
import {
  isLine,
  lineOf,
  loginOf,
  maybeElsewhere,
  type Subject,
  subjectName,
} from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { GivenOrderOf, OrderOf } from '../../orders/contract/orders.ts'
import { changeCase } from '../evidence/change-case.ts'
import { caseChanged, decisionEnded, decisionMade } from '../evidence/case-events.ts'
import { ownerOf } from '../evidence/gather.ts'
import { enforcedWords } from './enforced-words.ts'
import { type DryRunParts, linesChanged } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function impose(
  parts: Pick<
    OrderParts,
    | 'cases'
    | 'subscribers'
    | 'names'
    | 'reporter'
    | 'followed'
    | 'redirectsToUs'
    | 'network'
    | 'leases'
    | 'off'
    | 'optOut'
  >,
  { order, at }: GivenOrderOf<'impose'>,
): Promise<OrderOutcome> {
  const given = order.subject as Subject
  const subject = ownerOf(parts.subscribers, given) ? given : asDoorsSayIt(given)
  const owner = ownerOf(parts.subscribers, subject)
  // Beside another mail server staff may name a login that no list of ours has.
  if (!owner && !maybeElsewhere(subject))
    return refused(`There is no ${called(subject)}. Write line:CUSTOMER or login:NAME.`)
  const why = unfit(order, owner, parts.redirectsToUs === true)
  if (why !== undefined) return refused(why)
  if (order.dryRun) return done(wouldChange(parts, order, { subject, owner, at }))
  const fresh = { id: parts.names.record(), caseCode: parts.names.caseCode() }
  const decided = {
    id: parts.names.record(),
    subject,
    kind: order.decision,
    at,
    until: at + hoursOf(order) * HOUR,
    by: 'staff' as const,
    ...(order.letter === false ? { quiet: true as const } : {}),
  }
  const changed = await changeCase(parts.cases, subject, ({ incident: open, inForce, epoch }) => {
    const file = open ?? newFile(fresh, { subject, owner, at, epoch })
    // One decision of each kind is in force: a new one replaces it, also with an earlier end.
    const [same, ...others] = inForce.filter(({ kind }) => kind === order.decision)
    const decision: Decision = { ...decided, id: same?.id ?? decided.id, incident: file.id }
    const before = inForce.filter(({ kind }) => kind !== order.decision)
    const incident = imposed(file, decision, before, order.why)
    const ended = others.map((one): Decision => ({ ...one, endedAt: at, endedBy: 'staff' }))
    return { incident, decisions: [decision], ended, opened: open === undefined, inForce }
  })
  if (!changed) return refused('Nothing is to be done.')
  const { incident, opened } = changed
  parts.reporter.note(caseChanged(incident, at, opened))
  for (const decision of changed.ended) parts.reporter.note(decisionEnded(decision, at))
  for (const decision of changed.decisions) parts.reporter.note(decisionMade(decision, at))
  await parts.followed()
  const isTold =
    imposedNotice(order.decision) && order.letter !== false && (owner?.contacts.length ?? 0) > 0
  const told = isTold ? ' The owner is written to.' : ''
  // The network may have taken long: another order may have ended it.
  const stands = parts.cases.inForce(subject).some(({ kind }) => kind === order.decision)
  const enforced = !stands
    ? ' It was ended meanwhile: it is not in force.'
    : owner
      ? await enforcedWords(parts, { subscriber: owner.id, decision: order.decision })
      : ` ${STRANGERS}`
  return done(
    `${order.decision} on ${subject} for ${hoursOf(order)} h, case ${incident.caseCode}.${before(changed.inForce, order.decision)}${enforced}${told}`,
  )
}

type Imposed = { readonly subject: Subject; readonly owner: Subscriber | undefined }

/** Of a login that may as well be a slip of the pen. */
const STRANGERS =
  'No customer has this login, so no letter is sent; it is stopped where it is used beside another mail server.'

/** Every door folds the name that it is told. */
const asDoorsSayIt = (subject: Subject): Subject =>
  isLine(subject) ? subject : loginOf(foldAddress(subjectName(subject)))

/** A login's decision changes nothing in the network. */
function wouldChange(
  parts: DryRunParts,
  order: OrderOf<'impose'>,
  { subject, owner, at }: Imposed & { readonly at: number },
): string {
  if (!owner) return `Nothing changes in the network. ${STRANGERS}`
  const others = parts.cases
    .inForce(lineOf(owner.id))
    .filter(one => one.subject !== subject || one.kind !== order.decision)
  const until = at + hoursOf(order) * HOUR
  const fresh = { id: '', incident: '', subject, kind: order.decision, at, until }
  return linesChanged(parts, owner.id, { inForce: [...others, { ...fresh, by: 'staff' }] })
}

/** As it was said, or as the command line has it by default. */
const hoursOf = ({ hours, decision }: OrderOf<'impose'>): number =>
  hours ?? lastsFor(decision) / HOUR

/** The decisions that were in force, and which of them the new one replaces. */
function before(inForce: readonly Decision[], imposed: DecisionKind): string {
  if (inForce.length === 0) return ' Nothing was in force before.'
  const each = inForce.map(
    ({ kind, until, by }) =>
      `${kind} until ${rfc3339(until)} by ${by}${kind === imposed ? ', which this replaces' : ''}`,
  )
  return ` In force before: ${each.join('; ')}.`
}

const rfc3339 = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

const newFile = (
  fresh: Pick<Incident, 'id' | 'caseCode'>,
  about: Imposed & { at: number; epoch: number },
): Omit<Incident, 'status' | 'changedAt' | 'summary'> => ({
  ...fresh,
  rev: 0,
  subject: about.subject,
  ...(about.owner ? { subscriber: about.owner.id } : {}),
  openedAt: about.at,
  sum: 0,
  holdAt: 0,
  containAt: 0,
  kinds: [],
  epoch: about.epoch,
})

/** `line:10017` is how orders say it; people speak of customers. */
const called = (subject: Subject): string =>
  isLine(subject)
    ? `customer ${subject.slice('line:'.length)}`
    : `login ${subject.slice('login:'.length)}`

/** Why it cannot be done to this line or login. */
function unfit(
  order: OrderOf<'impose'>,
  owner: Subscriber | undefined,
  redirectsToUs: boolean,
): string | undefined {
  const fits = isLine(order.subject as Subject)
    ? order.decision !== 'stop-login'
    : order.decision === 'stop-login' || order.decision === 'hold'
  if (!fits)
    return isLine(order.subject as Subject)
      ? 'stop-login stops a login, not a line: write login:NAME. A line can be isolated.'
      : `${order.decision} is for a line: write line:${owner?.id ?? 'CUSTOMER'}. A login can be stopped (stop-login), or its mail held (hold).`
  if (order.decision !== 'redirect-25' || !redirectsToUs || !owner) return undefined
  if (owner.plan === 'expert' || owner.plan === 'business')
    return `${order.subject} is an ${owner.plan} line: its port 25 is never redirected to our server. Isolate it, if there is reason to.`
  return hoursOf(order) * HOUR > MAX_REDIRECTED
    ? `Port 25 is redirected to our server for ${MAX_REDIRECTED / HOUR} hours at the most.`
    : undefined
}
