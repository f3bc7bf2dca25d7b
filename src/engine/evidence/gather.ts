// Completes an event with what only the counters and the customer list know, so that weighing it is pure and
// replay need no lookup: how new a network is, how wide a fan-out, what is usual for which subject.

import { VIOLATION_HABIT_KEY } from '../../model/former-words.ts'
import { usualOps, usualRate } from '../../core/detection/usual-rate.ts'
import { NUMBERS } from '../../core/detection/numbers.ts'
import { fanOutOf } from '../../core/detection/signs/fan-out.ts'
import { egressNeeds } from '../../core/detection/signs/signs.ts'
import type { Op, Reading } from '../../model/counter.ts'
import type { NewEvent, Usual } from '../../model/event.ts'
import { isLine, lineOf, loginOf, type Subject, subjectName } from '../../model/evidence.ts'
import { maybeByOthers } from '../../model/protocol-violation.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { DAY } from '../../model/duration.ts'
import { domainOf } from '../../model/mail-address.ts'
import { takersOp, takesMail } from './takes-mail.ts'

export type GatherParts = {
  readonly counters: Counters
  readonly subscribers: Subscribers
  readonly leases: Pick<Leases, 'holderAt'>
  readonly cases: Pick<Cases, 'epoch'>
}

/** A door or sensor reports an address; the leases tell which customer had the address then. */
export function attributed(parts: Pick<GatherParts, 'leases'>, event: NewEvent): NewEvent {
  if (!('who' in event) || event.who.sure !== 'unknown') return event
  const { realm, address, port, since } = event.who
  const at = since === undefined ? event.at : { since, at: event.at }
  const holder = parts.leases.holderAt(realm, address, port, at)
  const who = {
    ...event.who,
    sure: holder.sure,
    ...(holder.subscriber === undefined ? {} : { subscriber: holder.subscriber }),
  }
  return { ...event, who }
}

/** To an event that is attributed, adds what only the counters know: how new a network is, how wide a fan-out, what is usual. */
export async function withCounterFacts(parts: GatherParts, event: NewEvent): Promise<NewEvent> {
  switch (event.kind) {
    case 'link-auth':
      return withNetwork(parts, event)
    case 'egress-attempt':
      return withFanOut(parts, event)
    case 'traffic-seen': {
      const { who, at } = event
      if (who.subscriber === undefined) return event
      return { ...event, usual: await usualOfSubjects(parts, at, [lineOf(who.subscriber)]) }
    }
    case 'complaint-received': {
      const { at, subjects } = event
      return subjects ? { ...event, usual: await usualOfSubjects(parts, at, subjects) } : event
    }
    case 'password-circulates': {
      const { at, login } = event
      return { ...event, usual: await usualOfSubjects(parts, at, [loginOf(login)]) }
    }
    case 'protocol-violation':
      return withNovelty(parts, event)
    case 'delivery-failed':
      return withTakers(parts, event)
    default:
      return event
  }
}

type NewEventOf<K extends NewEvent['kind']> = Extract<NewEvent, { kind: K }>

/** Of a login: whether it is at its owner's home, and whether the network is a new one. */
async function withNetwork(
  parts: GatherParts,
  event: NewEventOf<'link-auth'>,
): Promise<NewEventOf<'link-auth'>> {
  const { at, who, network } = event
  if (!event.ok || who.login === undefined) return event
  const home = parts.subscribers.byLogin(who.login)?.id
  const atHome = home !== undefined && who.subscriber === home && who.sure === 'certain'
  const subject = loginOf(who.login)
  const [known, ...usual] = await peek(parts, at, [
    {
      op: 'distinct',
      key: `networks:${who.login}`,
      members: [network],
      window: NUMBERS.networksKept.value,
    },
    ...usualOps(subject),
  ])
  // For a login that was never seen anywhere, no network is surprising.
  const novelNetwork = (known?.value ?? 0) > 0 && (known?.novel ?? 0) > 0
  return {
    ...event,
    atHome,
    novelNetwork,
    usual: usualFrom(parts, { at, subjects: [subject] }, usual),
  }
}

/** How widely a line has knocked within the window. */
async function withFanOut(
  parts: GatherParts,
  event: NewEventOf<'egress-attempt'>,
): Promise<NewEventOf<'egress-attempt'>> {
  const { at, who } = event
  if (who.sure !== 'certain' || who.subscriber === undefined) return event
  const subject = lineOf(who.subscriber)
  const ops = egressNeeds(event, subject, parts.cases.epoch(subject))
  // An attempt that a neighbour may have made in the line's name makes no other attempt look worse.
  if (ops.length === 0) return event
  const counted = await parts.counters.apply({ at, mode: 'take', ops })
  const fanOut = fanOutOf('failed' in counted ? [] : counted.readings)
  return { ...event, ...fanOut, usual: await usualOfSubjects(parts, at, [subject]) }
}

/** The subjects that had shown no such violation for weeks. */
async function withNovelty(
  parts: GatherParts,
  event: NewEventOf<'protocol-violation'>,
): Promise<NewEventOf<'protocol-violation'>> {
  const { at, subjects } = event
  // A key of its own: violations that others bring about must not make those of a bot an old habit.
  const byOthers = maybeByOthers(event.signs) ? ':by-others' : ''
  const ops = subjects.map(
    (subject): Op => ({
      op: 'mark',
      key: `${VIOLATION_HABIT_KEY}:${subject}${byOthers}`,
      ttl: NUMBERS.violationHabit.value,
    }),
  )
  const counted = await parts.counters.apply({ at, mode: 'take', ops })
  const novel =
    'failed' in counted ? [] : subjects.filter((_, i) => counted.readings[i]?.value === 1)
  return { ...event, novel, usual: await usualOfSubjects(parts, at, subjects) }
}

/** Of mail that was refused as spam: whether others' mail is taken there. */
async function withTakers(
  parts: GatherParts,
  event: NewEventOf<'delivery-failed'>,
): Promise<NewEventOf<'delivery-failed'>> {
  if (!event.facts) return event
  const { at, recipient, result } = event
  const { subjects } = event.facts
  const again = result === 'spam-refused' && (await refusedBefore(parts, event))
  const [takers, ...usual] = await peek(parts, at, [
    takersOp(recipient),
    ...subjects.flatMap(usualOps),
  ])
  return {
    ...event,
    usual: usualFrom(parts, { at, subjects }, usual),
    ...(result === 'spam-refused' ? { takesMail: takesMail(takers) } : {}),
    ...(again ? { again } : {}),
  }
}

/** Refusals of a sender by one organisation within this time count once: a filter that refuses one message of a mailing refuses all of them. */
const REFUSED_FOR = DAY

async function refusedBefore(
  { counters }: Pick<GatherParts, 'counters'>,
  { at, recipient, facts, permanent }: NewEventOf<'delivery-failed'>,
): Promise<boolean> {
  const subject = facts?.subjects[0]
  if (subject === undefined || !permanent) return false
  const members = [organisationalDomain(domainOf(recipient))]
  const op: Op = { op: 'distinct', key: `refused-by:${subject}`, members, window: REFUSED_FOR }
  const counted = await counters.apply({ at, mode: 'take', ops: [op] })
  // A store that does not answer proves no guilt.
  return 'failed' in counted || counted.readings[0]?.novel === 0
}

/** Units a day that are usual for each of these. */
async function usualOfSubjects(
  parts: Pick<GatherParts, 'counters' | 'subscribers'>,
  at: number,
  subjects: readonly Subject[],
): Promise<Usual> {
  return usualFrom(parts, { at, subjects }, await peek(parts, at, subjects.flatMap(usualOps)))
}

/** The same from the readings of `usualOps` for each of them, one after the other. */
export function usualFrom(
  { subscribers }: Pick<GatherParts, 'subscribers'>,
  { at, subjects }: { readonly at: number; readonly subjects: readonly Subject[] },
  readings: readonly Reading[],
): Usual {
  const usual: { [subject: Subject]: number } = {}
  const each = readings.length / subjects.length
  for (const [i, subject] of subjects.entries()) {
    const mine = readings.slice(i * each, (i + 1) * each)
    usual[subject] = usualRate(mine, at, ownerOf(subscribers, subject)?.plan ?? 'consumer')
  }
  return usual
}

/** Reads without counting; a store out of order knows nothing. */
export async function peek(
  parts: Pick<GatherParts, 'counters'>,
  at: number,
  ops: readonly Op[],
): Promise<readonly Reading[]> {
  if (ops.length === 0) return []
  const counted = await parts.counters.apply({ at, mode: 'peek', ops })
  return 'failed' in counted ? [] : counted.readings
}

/** The customer behind a line or a login. */
export function ownerOf(subscribers: Subscribers, subject: Subject): Subscriber | undefined {
  return isLine(subject)
    ? subscribers.get(subjectName(subject))
    : subscribers.byLogin(subjectName(subject))
}
