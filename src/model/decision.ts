// What is done about an incident, until when. The table of consequences is in docs/how-it-works.md.

import { DAY, HOUR } from './duration.ts'
import type { Subject } from './evidence.ts'
import { type AccessSession, sessionText } from './lease.ts'
import { textKey } from './text-key.ts'

/** The weakest first. */
export const DECISIONS = [
  'watch',
  'hold',
  'stop-login',
  'redirect-25',
  'isolate',
  'suspend',
] as const
export type DecisionKind = (typeof DECISIONS)[number]

/**
 * The longest that staff may let each last, ms. A `hold` is no longer than mail stays in a queue (RFC 5321 §4.5.4.1); within it one message is
 * held for at most `MAX_HOLD`.
 */
export const LONGEST: Readonly<Record<DecisionKind, number>> = {
  watch: 30 * DAY,
  hold: 5 * DAY,
  'stop-login': 30 * DAY,
  'redirect-25': 7 * DAY,
  isolate: 30 * DAY,
  suspend: 90 * DAY,
}

/** How long one message is held at most, and how long a line must be quiet. */
const THREE_DAYS = 72 * HOUR

/** No message is held for longer, ms, whichever rule or decision holds it; then its sender is told (a DSN into their own mailbox). */
export const MAX_HOLD = THREE_DAYS

/** `MAX_HOLD` as texts say it. */
export const MAX_HOLD_HOURS = MAX_HOLD / HOUR

/**
 * A line that has been quiet this long is released, ms: letters say it, and staff's decisions last as long unless they say otherwise. As long as
 * mail is held: what an isolation holds may be sent when it ends.
 */
export const QUIET_FOR = THREE_DAYS

/** How long a decision of staff lasts where they do not say, ms. A mail server behind a line that is redirected waits meanwhile. */
export const lastsFor = (kind: DecisionKind): number =>
  kind === 'redirect-25' ? MAX_REDIRECTED : QUIET_FOR
/** The longest that a line's port 25 leads to our server, ms. */
export const MAX_REDIRECTED = 24 * HOUR

/** Kinds that stop a line or a login; under the others mail waits, or staff look. */
const STOPS: ReadonlySet<DecisionKind> = new Set(['isolate', 'suspend', 'stop-login'])
export const stops = ({ kind }: Pick<Decision, 'kind'>): boolean => STOPS.has(kind)

/** Of several in force the one that says what the case is. */
export const strongest = (
  first: DecisionKind,
  others: readonly Pick<Decision, 'kind'>[],
): DecisionKind =>
  others.reduce(
    (most, { kind }) => (DECISIONS.indexOf(kind) > DECISIONS.indexOf(most) ? kind : most),
    first,
  )

/** All but `watch` keep something from their subject. */
export const restricts = ({ kind }: Pick<Decision, 'kind'>): boolean => kind !== 'watch'

export type Decision = {
  readonly id: string
  readonly incident: string
  readonly subject: Subject
  readonly kind: DecisionKind
  readonly at: number
  /** Restrictions always expire by themselves. */
  readonly until: number
  readonly by: 'evidence' | 'staff'
  /** Staff have said that its owner is not written to. */
  readonly quiet?: true
  /** Of a `hold` by evidence by episodes. */
  readonly byWindow?: WindowHold
  readonly endedAt?: number
  readonly endedBy?: EndedBy
}

/** Mail waits in the window of its sender, all but owed replies, and none of it is held for the case. */
export type WindowHold = {
  /** The login is refused from these networks (`networkNumber`). */
  readonly refuses: readonly number[]
  /** The line would be isolated, if its mail alone were enough for that. */
  readonly wouldIsolate?: true
}

/** Why a decision that is not over must not be kept: it would never end, or not in time. New evidence may move an end again and again. */
export function withoutEnd({ at, until, by, kind, endedAt }: Decision): string | undefined {
  if (endedAt !== undefined) return undefined
  if (!Number.isFinite(at) || !Number.isFinite(until) || until <= at)
    return `${kind} from ${at} until ${until} has no end after its beginning`
  return by === 'staff' && until - at > LONGEST[kind]
    ? `${kind} until ${until} ends later than it may`
    : undefined
}

export const ENDED_BY = [
  'owner',
  'password-change',
  'time',
  'staff',
  'stronger',
  'customer-gone',
] as const
/** `stronger`: replaced by a decision that contains this one. `customer-gone`: the line or login is no customer's any more; it ends neither `stop-login` nor `suspend`. */
export type EndedBy = (typeof ENDED_BY)[number]

/** The subscriber state: what a network driver is asked to bring about for one line of a subscriber. */
export type SubscriberState = 'default' | 'open' | 'named' | 'closed' | 'redirect-25' | 'isolated'

/** One entry of the desired state: drivers hold exactly these. */
export type Restriction = {
  /** Lease prefix and ports, so that a shared address touches one home only. */
  readonly realm: string
  readonly prefix: string
  readonly ports?: readonly [number, number]
  readonly subscriber: string
  /** The session at an access server that the lease came with. */
  readonly session?: AccessSession
  /** When that session began, as far as is known: one that begins anew under its number has none of what was put on before. */
  readonly began?: number
  /** `named`: open to some servers. */
  readonly state: Exclude<SubscriberState, 'default'>
  /** Of `named`: their addresses. */
  readonly destinations?: readonly string[]
  /** Show the notice page on port 80. Never for lifeline and site. */
  readonly walledGarden: boolean
  readonly decision?: string
  /** Absent for permissions, which outlive Cordon. */
  readonly until?: number
}

/** What an entry is about: one lease. */
export function restrictionKey(entry: Restriction): string {
  return `${entry.realm} ${entry.prefix} ${entry.ports?.join('-') ?? 'all'}`
}

/** The same, where sessions are told: one address may have been given to a second session before the first is known to be over. */
export const placeInSession = (entry: Restriction): string =>
  `${restrictionKey(entry)} ${sessionText(entry)}`

/** One customer's session, however many addresses it has: two customers may have sessions with one number at one access server. */
export const sessionKey = (entry: Pick<Restriction, 'session' | 'subscriber'>): string =>
  textKey(sessionText(entry), entry.subscriber)

/** A router's clock and its whole seconds may differ by so much (ms). */
const SAME_TIME = 10_000

/** Two entries that ask the network for the same thing. */
export function sameRestriction(a: Restriction, b: Restriction): boolean {
  const sameEnd =
    a.until === b.until ||
    (a.until !== undefined && b.until !== undefined && Math.abs(a.until - b.until) < SAME_TIME)
  return (
    restrictionKey(a) === restrictionKey(b) &&
    a.subscriber === b.subscriber &&
    // A router that knows no sessions says none.
    (!a.session || !b.session || sessionText(a) === sessionText(b)) &&
    (a.began === undefined || b.began === undefined || a.began === b.began) &&
    a.state === b.state &&
    a.walledGarden === b.walledGarden &&
    sameDestinations(a, b) &&
    sameEnd
  )
}

function sameDestinations(a: Restriction, b: Restriction): boolean {
  const [one, other] = [new Set(a.destinations), new Set(b.destinations)]
  return one.size === other.size && [...one].every(address => other.has(address))
}
