// One session of accounting as it stands, and what becomes of its leases when it ends or is another customer's. Pure.

import { MINUTE } from '../../model/duration.ts'
import { type Lease, type LeaseChange, sameLease, strangerNamed } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import { type SessionNews, type SubscriberAttribute, WHOLE_SECOND } from './accounting.ts'
import { type Claimed, likelyKind, over } from './session-leases.ts'

/** A Start told again comes within this (ms); a later one is of a new life of the session's number. */
export const TOLD_AGAIN = 5000

/** What has no stamp seems to be of when it came, or was told again last: by so much (ms) it may come later than its session's Stop. */
const COMES_LATE = MINUTE
export const lateUpTo = ({ stamp }: SessionNews): number =>
  stamp === undefined ? COMES_LATE : TOLD_AGAIN

export type Session = Claimed & {
  /** A customer, or the name of a user who is none (`strangerNamed`). */
  readonly subscriber: string
  /** User-Name, where it was told. */
  readonly user: string
  /** What the customer is known by, where that was told. */
  key?: string | undefined
  /** The session's first event that was heard, by the time of the events. */
  readonly began: number
  /** The session's last event: its own time, and when it arrived. */
  last: number
  heard: number
  /** When it was told of last itself; `heard` is later when its access server was silent meanwhile. */
  told: number
  /** It was known at a restart, whenever its last update came. */
  readonly restored?: number
  ended?: number
  /** Ended by its Stop: no late update opens it again. */
  stopped?: boolean
  /** A Stop came then that seems to be older than its last event: of later than this is what it told since, and no copy. */
  leftBy?: number | undefined
  /** Ended because its access server began anew. */
  lost?: boolean
  /** Ended because another user was told of with its number; an update of its own shows that both have it. */
  replaced?: boolean
  /** Another user's session with the same number. */
  twin?: Session | undefined
  /** Newer leases that its news made doubtful. */
  doubts?: readonly Lease[]
}

type EndedSession = Session & { readonly ended: number }
export const isEnded = (session: Session | undefined): session is EndedSession =>
  session?.ended !== undefined

/** A session with the number of one that has ended: a Start that can be no copy, and did not come before that end. */
export function isOfNewLife(known: EndedSession, record: SessionNews, subscriber: string): boolean {
  const { status, at, skew = 0, stamp } = record
  if (status !== 'start' || at <= known.ended - WHOLE_SECOND) return false
  if (known.lost === true) return at > known.began
  if (stamp === undefined) return false
  // Of one second that which came later is later. By a clock that is not known it may be a copy.
  return known.subscriber !== subscriber || at - skew > known.began + WHOLE_SECOND
}

/** A Start that is later than all that was told of the session that has its number. */
export function beginsAnew(
  known: Session,
  record: SessionNews,
  { begunSince }: Pick<Leases, 'begunSince'>,
): boolean {
  const { status, at, skew, stamp, session: id, realm, framed } = record
  if (status !== 'start') return false
  // What a former life of the number had does not count, where that is known.
  const since = known.restored === undefined ? known.began - WHOLE_SECOND : 0
  const wasTold = (prefix: string) =>
    begunSince(realm, prefix, since).some(
      one =>
        one.stopped !== true &&
        one.subscriber === known.subscriber &&
        one.session?.id === id &&
        one.session.nas === record.nas,
    )
  const kinds = new Set(leasesOf(known).map(one => one.framed ?? likelyKind(one.prefix)))
  const isOther = framed.some(({ prefix, kind }) => kinds.has(kind) && !wasTold(prefix))
  // A copy has the stamp of the first, or names addresses that were told where each is stamped when it is sent. One family may be told after another.
  const isCopy = stamp === undefined || skew || !isOther
  return at > known.last + (isCopy ? TOLD_AGAIN : WHOLE_SECOND)
}

/** Its session's last event, as far as a lease tells. */
export const lastToldOf = ({ from, leftBy, doubtFrom = from }: Lease): number =>
  leftBy === undefined ? from : Math.max(from, doubtFrom)

export const sessionOf = ({ subscriber, from, session }: Lease, now: number): Session => ({
  subscriber,
  user: session?.user ?? '',
  began: from,
  last: from,
  heard: now,
  told: now,
  restored: now,
  leases: new Map(),
})

/** With each lease of a session is kept what its customer is known by; the User-Name is kept anyway. */
export const keyToKeep = (
  { key }: Session,
  attribute: SubscriberAttribute | undefined,
): Lease['knownBy'] =>
  key && attribute && attribute !== 'user-name' ? { attribute, value: key } : undefined

/** Undefined where it was not kept, or customers were known by another attribute. */
export const keyKept = (
  { knownBy, session }: Lease,
  attribute: SubscriberAttribute | undefined,
): string | undefined => {
  if (attribute === 'user-name') return session?.user || undefined
  return knownBy?.attribute === attribute ? knownBy?.value : undefined
}

export const leasesOf = ({ leases }: Session): readonly Lease[] => [...leases.values()]

type HandedOver = { readonly session: Session; readonly changes: LeaseChange[] }

/** The session is another customer's from now on; or its user is a customer no longer. */
export function handedOver(
  session: Session,
  given: Pick<Leases, 'standing'> & { readonly subscriber: string; readonly at: number },
): HandedOver {
  const { subscriber, at, standing } = given
  const changes: LeaseChange[] = []
  const leases: Session['leases'] = new Map()
  for (const [prefix, lease] of session.leases) {
    const mine = standing(lease.realm, prefix).find(one => sameLease(one, lease))
    changes.push({ kind: 'close', lease: { ...lease, to: Math.max(at, lease.from) } })
    if (!mine) continue
    const anew: Lease = { ...lease, subscriber, from: Math.max(at, lease.from) }
    leases.set(prefix, anew)
    const isDoubtful = mine.doubtFrom !== undefined
    changes.push({ kind: 'open', lease: isDoubtful ? { ...anew, doubtFrom: anew.from } : anew })
  }
  return { changes, session: { ...session, subscriber, leases } }
}

export function end(
  session: Session,
  { at, skew, latest }: Pick<SessionNews, 'at' | 'skew' | 'latest'>,
): LeaseChange[] {
  session.ended = at
  const changes = [...session.leases.values()].map(
    (lease): LeaseChange => ({
      kind: 'close',
      lease: { ...over(lease, { at, latest }), ...(skew ? { skew } : {}) },
    }),
  )
  session.leases.clear()
  return changes
}

/** Whose session it is: a customer's, or a user's who is none. */
export const holderOf = (
  { subscriber, user }: Pick<SessionNews, 'subscriber' | 'user'>,
  subscriberOf: (name: string) => string | undefined,
): string => subscriberOf(subscriber) ?? strangerNamed(subscriber || user)

type NamedIn = Pick<SessionNews, 'user' | 'subscriber'>

/** Whether a record is of this session's user; whose sessions these are may be told otherwise since. */
export function isOf(session: Session, holder: string, { user, subscriber }: NamedIn): boolean {
  if (session.subscriber === holder) return true
  const isKey = session.key === undefined || subscriber === '' || session.key === subscriber
  return isKey && user !== '' && session.user === user
}

/**
 * Which of the sessions with its number a record is of that does not name the customer: that of its user; where it does not name a user either,
 * the one that has an address of it. `several` where that is more than one: it may be of each of them, and is no stranger's.
 */
export function namedBy(
  all: readonly Session[],
  { user, framed }: Pick<SessionNews, 'user' | 'framed'>,
): Session | 'several' | undefined {
  const hasOne = ({ leases }: Session) => framed.some(({ prefix }) => leases.has(prefix))
  const mine = all.filter(one =>
    user === '' ? framed.length === 0 || hasOne(one) : one.user === user,
  )
  const open = mine.filter(one => !isEnded(one))
  const left = open.length > 0 ? open : mine
  if (left.length < 2) return left[0]
  const [first, ...more] = left.filter(hasOne)
  return more.length === 0 ? first : 'several'
}
