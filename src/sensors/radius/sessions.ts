// What accounting says of sessions, as leases. The truth table: a lease is opened by Start, or by the first Interim when the Start
// was lost; it is closed by Stop, by Accounting-On or -Off of its access server, by a Start of another user on the same address
// (the leases do that themselves), when an update names another address, or when its updates cease while its access server goes on
// talking of others. A session that ended without a Stop comes back with its next update. What comes late, twice or in the wrong order
// changes nothing. Pure: no socket, no clock.

import { DAY } from '../../model/duration.ts'
import type { AccessSession, Lease, LeaseChange } from '../../model/lease.ts'
import { isStranger } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import {
  isOldNews,
  type SessionNews,
  type SubscriberAttribute,
  WHOLE_SECOND,
} from './accounting.ts'
import { firstTellers } from './clients.ts'
import {
  beginsAnew,
  end,
  handedOver,
  holderOf,
  isEnded,
  isOf,
  isOfNewLife,
  keyKept,
  keyToKeep,
  lastToldOf,
  leasesOf,
  lateUpTo,
  namedBy,
  type Session,
  sessionOf,
  TOLD_AGAIN,
} from './session.ts'
import {
  claim,
  type ClaimNeeds,
  doubted,
  doubtedByStop,
  doubtedFrom,
  doubtedLate,
  stoppedNow,
  withoutFormer,
} from './session-leases.ts'
import { doubtedByOldStop, endByOldStop, isOverSince } from './old-stop.ts'
import { PassingDoubts } from './passing-doubts.ts'
import { type Nas, Servers } from './servers.ts'

export type SessionSettings = {
  /**
   * ms between two interim updates of a session: `radius.interim`, 10m by default, 0s to 1d; 0: none are sent, and no lease ends for want
   * of them.
   */
  readonly interim: number
  /** Subscriber of an account name; undefined for an unknown name. */
  readonly subscriberOf: (name: string) => string | undefined
  /** Open leases of exactly this prefix, from any source. */
  readonly standing: Leases['standing']
  /** Those that began after a time, also if they have ended. */
  readonly begunSince: Leases['begunSince']
  /** Open leases of narrower prefixes, and of wider ones. */
  readonly within: Leases['within']
  readonly around: Leases['around']
  /** Called for a session of a user that is no customer. */
  readonly unknown?: (record: SessionNews) => void
  /** Called for a session whose number another user's session has, too. */
  readonly ofTwo?: (record: SessionNews) => void
  /** When an access server began anew last, also before a restart. */
  readonly anewOf?: ((nas: string) => number | undefined) | undefined
  readonly noteAnew?: ((nas: string, at: number) => void) | undefined
  /** Which client told first of an address that no client has by configuration, also before a restart. */
  readonly firstOf?: ((nas: string) => string | undefined) | undefined
  readonly noteFirst?: ((nas: string, teller: string) => void) | undefined
  /** What customers are known by; it is kept with their leases. */
  readonly knownBy?: SubscriberAttribute
}

/** Ends are remembered this long, so that what comes late does not begin anew; what is older than that begins nothing. */
const REMEMBERED = DAY
/** Sessions of one access server; more are not a server's. */
const MAX_SESSIONS = 2_000_000
export class AccountingSessions {
  readonly #settings: SessionSettings
  readonly #servers: Servers
  readonly #passing = new PassingDoubts()
  readonly #given: ClaimNeeds

  constructor(settings: SessionSettings) {
    this.#settings = settings
    this.#servers = new Servers(settings)
    this.#given = { ...settings, toldSince: (lease, at) => this.#toldSince(lease, at) }
  }

  /**
   * What was known before a restart, ends of the last day included. When a session was heard of last was not, so it counts as heard of
   * now; an access server was heard when `heardOf` says.
   */
  restore(
    leases: Iterable<Lease>,
    now: number,
    heardOf: (nas: string) => number | undefined = () => undefined,
  ): void {
    const all = [...leases]
    this.#servers.heardOf = name => heardOf(name) ?? now
    const first = firstTellers(all, this.#settings.firstOf)
    for (const [nas, teller] of first) this.#servers.restored({ nas, teller })
    for (const lease of all) {
      if (!lease.session) continue
      const { id } = lease.session
      const nas = this.#servers.restored(lease.session)
      const [, known] = nas.find(id, lease.subscriber)
      const isSame = known?.subscriber === lease.subscriber
      if (lease.to !== undefined && !lease.taken) {
        // Where a session number is used again, an open session counts first, then the last end.
        if (known && (known.ended === undefined || known.ended >= lease.to)) continue
        const stopped = lease.stopped === true
        nas.put(id, { ...sessionOf(lease, now), ended: lease.to, stopped })
        continue
      }
      const session = known && isSame && !isEnded(known) ? known : sessionOf(lease, now)
      session.last = Math.max(session.last, lastToldOf(lease))
      session.leftBy ??= lease.leftBy
      session.key ??= keyKept(lease, this.#settings.knownBy)
      session.leases.set(lease.prefix, lease)
      if (known && !isSame && !isEnded(known)) nas.putSecond(id, session)
      else nas.put(id, session)
    }
  }

  /** Leases that begin and end by this; none for most updates. `now` is when it came. */
  hear(record: SessionNews, now: number): readonly LeaseChange[] {
    const nas = this.#servers.hear(record, now)
    if (!nas) return []
    return [...this.#begunAnew(nas, record), ...this.#told(nas, record, now)]
  }

  #told(nas: Nas, record: SessionNews, now: number): readonly LeaseChange[] {
    switch (record.status) {
      case 'nas-on':
      case 'nas-off':
        return this.#endAll(nas, record)
      case 'stop':
        return this.#stop(nas, record, now)
      case 'start':
      case 'interim':
        return this.#goesOn(nas, record, now)
      default:
        return record.status satisfies never
    }
  }

  /** Sessions whose updates have ceased while their access server goes on; and forgets what ended long ago. */
  sweep(now: number): readonly LeaseChange[] {
    const changes: LeaseChange[] = []
    for (const nas of this.#servers.all())
      for (const [id, session] of nas.sessions) {
        if (isEnded(session)) {
          if (now - session.ended > REMEMBERED) nas.forget(id)
        } else if (!nas.isSilent(now) && isOverSince(session, now, this.#settings.interim))
          changes.push(...endByOldStop(session))
        else if (nas.misses(session, now))
          changes.push(...end(session, { at: Math.max(session.last, session.restored ?? 0) }))
      }
    return changes
  }

  /** Lines may be other customers' now: a lease of such a line ends, and is the other customer's from now on. */
  customersChanged(now: number): readonly LeaseChange[] {
    const { subscriberOf, standing } = this.#settings
    const changes: LeaseChange[] = []
    for (const nas of this.#servers.all())
      for (const [place, session] of nas.sessions) {
        const { user, key } = session
        if (isEnded(session) || key === undefined) continue
        const subscriber = holderOf({ subscriber: key, user }, subscriberOf)
        if (subscriber === session.subscriber) continue
        const moved = handedOver(session, { subscriber, at: now, standing })
        changes.push(...moved.changes)
        nas.handOver(place, moved.session)
      }
    return changes
  }

  /** Whether an access server has said nothing for so long that the state of this session is unknown; or had, and was not told of it since. */
  isSilent(lease: Pick<Lease, 'session' | 'subscriber'>, now: number): boolean {
    return this.#servers.isSilent(lease, now)
  }

  /** What the clock of the access server is called that a record is of, which came now; and those that a lease may be of. */
  clockOf(record: Pick<SessionNews, 'nas' | 'teller'>, now: number): string {
    return this.#servers.nameOf(record, now)
  }

  clocksOf(session: AccessSession): readonly string[] {
    return this.#servers.of(session).map(({ name }) => name)
  }

  /** Those that are silent, and those that were, and how many sessions each has that are in doubt for that. */
  silent(now: number): Iterable<readonly [nas: string, sessions: number, isHeardAgain: boolean]> {
    return this.#servers.silent(now)
  }

  /** Access servers, and when each was heard of last. */
  heard(): Iterable<readonly [nas: string, at: number]> {
    return this.#servers.heard()
  }

  #toldSince({ session, subscriber }: Lease, at: number): boolean {
    if (!session) return false
    return this.#servers.of(session).some(nas => {
      const [, known] = nas.find(session.id, subscriber)
      return known && !isEnded(known) && Math.max(known.restored ?? 0, known.last) >= at
    })
  }

  /** Not every packet of a session need name the customer; what begins one does. Undefined where it may be of several customers' sessions. */
  #holderOf(nas: Nas, record: SessionNews): string | undefined {
    const isNamed = record.subscriber !== '' || record.status === 'start'
    const session = isNamed ? undefined : namedBy(nas.withNumber(record.session), record)
    if (session === 'several') return undefined
    return session?.subscriber ?? holderOf(record, this.#settings.subscriberOf)
  }

  #goesOn(nas: Nas, record: SessionNews, now: number): readonly LeaseChange[] {
    const { status, at, skew = 0 } = record
    const subscriber = this.#holderOf(nas, record)
    if (subscriber === undefined) return []
    const [place, known] = nas.find(record.session, subscriber)
    const past = this.#ofThePast(nas, record, { known, subscriber, now })
    if (past) return past
    const isItsOwn = known?.subscriber === subscriber
    const isAnew = known !== undefined && beginsAnew(known, record, this.#settings)
    const same = known && !isEnded(known) && isItsOwn && !isAnew
    const twin = isItsOwn && status === 'interim' ? nas.twinOf(record.session, known) : undefined
    const isOneOfTwo = twin !== undefined
    const isBack = status === 'interim' && isItsOwn && isEnded(known)
    // Which of two users of one number was told of first is not known, nor whether one of them has left.
    const isUnsure = known && !isEnded(known) && !isItsOwn && at - skew <= known.last
    const changes =
      known && !isEnded(known) && !same ? this.#replaced(known, record, isUnsure === true) : []
    if (isStranger({ subscriber })) this.#settings.unknown?.(record)
    if (isOneOfTwo) this.#settings.ofTwo?.(record)
    if (!same && nas.sessions.size >= MAX_SESSIONS) return changes
    if (known?.replaced && !isItsOwn) nas.putSecond(record.session, known)
    const session: Session = same ? known : { ...begun(record, now), subscriber }
    session.twin = twin
    if (twin) twin.twin = session
    session.last = at
    session.leftBy = undefined
    session.key = record.subscriber || (isItsOwn ? known.key : undefined)
    session.heard = Math.max(session.heard, now)
    if (!isOldNews(record)) session.told = Math.max(session.told, now)
    if (isUnsure) nas.putSecond(record.session, session)
    else nas.sessions.set(place, session)
    const news = same && status === 'start' ? withoutFormer(session, record) : record
    this.#passing.raise(session, { ...record, subscriber }, this.#settings)
    const knownBy = keyToKeep(session, this.#settings.knownBy)
    const told = { ...news, user: record.user || session.user, subscriber, knownBy }
    changes.push(...claim(session, { ...told, isOneOfTwo, isBack }, this.#given))
    return changes
  }

  /** Numbers of sessions are used again, also where no packet said that their access server started anew. */
  #replaced(known: Session, record: SessionNews, isUnsure: boolean): LeaseChange[] {
    if (isUnsure) return doubtedFrom(leasesOf(known), record.at, this.#settings)
    known.replaced = true
    return end(known, record)
  }

  /**
   * What becomes of an event that begins nothing: it is older than the last one of its session, of before its access server began anew, or so
   * old that the session's end may be forgotten; or of a session that has ended. Undefined for all others.
   */
  #ofThePast(
    nas: Nas,
    record: SessionNews,
    { known, subscriber, now }: { known: Session | undefined; subscriber: string; now: number },
  ): readonly LeaseChange[] | undefined {
    const { status, at, skew = 0 } = record
    const late = { subscriber, given: this.#settings }
    const isOver = nas.anew !== undefined && at <= nas.anew - WHOLE_SECOND
    // A copy of what was told before a Stop says nothing of since.
    const isLeft =
      known?.leftBy !== undefined && known.subscriber === subscriber && at <= known.leftBy
    if (isOver || isLeft || (known ? at < known.last : at < now - REMEMBERED))
      return doubtedLate(record, late)
    if (!isEnded(known) || isOfNewLife(known, record, subscriber)) return undefined
    // A late update of what has ended, one that overtook its Stop, or a copy of either.
    const isItsOwn = known.subscriber === subscriber
    const isLate = status === 'interim' && at - skew - known.ended <= lateUpTo(record)
    if (known.stopped && isItsOwn && isLate) return []
    if (at <= known.ended) return doubtedLate(record, late)
    // The event may be late, or of a new session with the same number and user. Without a stamp it seems to be of when it came; and after
    // a restart the clock of the access server is not learned yet. So a Start, or its copy, may seem to be later than the end.
    const isTimed = known.restored === undefined && record.stamp !== undefined
    const unsure = isTimed ? skew : Math.max(skew, TOLD_AGAIN)
    return at - unsure <= known.ended && isItsOwn ? doubted(record, this.#settings) : undefined
  }

  #stop(nas: Nas, record: SessionNews, now: number): readonly LeaseChange[] {
    const { at } = record
    const subscriber = this.#holderOf(nas, record)
    if (subscriber === undefined) return doubtedByStop(record, this.#settings)
    const [, session] = nas.find(record.session, subscriber)
    const isItsOwn = session !== undefined && isOf(session, subscriber, record)
    // Of a later life of that number, whose Start was lost or is still to come.
    const isLater = isEnded(session) && at - (record.skew ?? 0) > session.ended + lateUpTo(record)
    if (isItsOwn && !isLater) {
      // Of a former life of that number: it has ended already.
      if (at < session.began && (!record.late || isEnded(session))) return []
      if (!isEnded(session) && at < Math.max(session.began, session.last - WHOLE_SECOND))
        return doubtedByOldStop(session, record, { now, given: this.#settings })
      session.stopped = true
      if (isEnded(session)) return []
      const unheard = record.framed.filter(({ prefix }) => !session.leases.has(prefix))
      return [
        ...doubtedByStop({ ...record, framed: unheard }, this.#settings, subscriber),
        ...end(session, record).map(stoppedNow),
        ...this.#passing.stopped(session, record, this.#settings),
      ]
    }
    // Its beginning was lost, or is still to come: then it is over already.
    const changes = doubtedByStop(record, this.#settings, subscriber)
    if (nas.sessions.size >= MAX_SESSIONS) return changes
    const over: Session = { ...begun(record, now), subscriber, ended: at, stopped: true }
    if (session && !isItsOwn) nas.putSecond(record.session, over)
    else nas.put(record.session, over)
    return changes
  }

  #endAll(nas: Nas, record: SessionNews): readonly LeaseChange[] {
    const { at, skew = 0, stamp, otherClock } = record
    nas.anew = Math.max(nas.anew ?? 0, at - skew)
    this.#settings.noteAnew?.(nas.name, nas.anew)
    // It waited, or its clock is another one since: the next packet in time says which. Until then nothing of it is certain.
    if (otherClock && stamp !== undefined) nas.anewBy = stamp
    return [...nas.sessions.values()].flatMap(session => {
      // What began after that is of its new life.
      if (isEnded(session) || session.began > at) return []
      if (session.began > at - skew)
        return nas.anewBy === undefined ? doubtedFrom(leasesOf(session), at, this.#settings) : []
      session.lost = true
      return end(session, record)
    })
  }

  /** The clock by which it said that it began anew is known by now, and so is when that was. */
  #begunAnew(nas: Nas, { stamp, at, skew = 0, late = 0, otherClock }: SessionNews) {
    if (nas.anewBy === undefined || stamp === undefined || skew + late > 0 || otherClock) return []
    const when = nas.anewBy + at - stamp
    nas.anewBy = undefined
    return Array.from(nas.sessions.values()).flatMap(session => {
      if (isEnded(session) || session.began > when) return []
      session.lost = true
      return end(session, { at: when })
    })
  }
}

const begun = ({ user, at }: SessionNews, now: number): Omit<Session, 'subscriber'> => ({
  user,
  began: at,
  last: at,
  heard: now,
  told: now,
  leases: new Map(),
})
