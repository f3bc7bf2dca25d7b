// What accounting says of sessions, as leases. The truth table: a lease is opened by Start, or by the first Interim when the Start
// was lost; it is closed by Stop, by Accounting-On or -Off of its access server, by a Start of another user on the same address
// (the leases do that themselves), when an update names another address, or when its updates cease while its access server goes on
// talking of others. A session that ended without a Stop comes back with its next update. What comes late, twice or in the wrong order
// changes nothing. Pure: no socket, no clock.

import { DAY, MINUTE } from '../../model/duration.ts'
import { type Lease, type LeaseChange, sameLease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import { type SessionNews, WHOLE_SECOND } from './accounting.ts'
import {
  claim,
  type Claimed,
  doubted,
  doubtedFrom,
  doubtedLate,
  type ClaimNeeds,
  leaveFormer,
  withoutFormer,
} from './session-leases.ts'
import { Strangers } from './strangers.ts'

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
  /** When an access server began anew last, also before a restart. */
  readonly anewOf?: ((nas: string) => number | undefined) | undefined
  readonly noteAnew?: ((nas: string, at: number) => void) | undefined
  /** Customers are known by User-Name, so that it is known of sessions of before a restart, too. */
  readonly isByUser?: boolean
}

/** RFC 2869 §2.1 leaves it open; two and a half missed updates are no accident. */
const MISSED = 2.5
/** Ends are remembered this long, so that what comes late does not begin anew; what is older than that begins nothing. */
const REMEMBERED = DAY
/** Sessions of one access server; more are not a server's. */
const MAX_SESSIONS = 2_000_000
/** More access servers than this are one that gives itself ever new names. */
const MAX_SERVERS = 10_000
/** A Start told again comes within this (ms); a later one is of a new life of the session's number. */
const TOLD_AGAIN = 5000

/** What has no stamp seems to be of when it came, or was told again last: by so much (ms) it may come later than its session's Stop. */
const COMES_LATE = MINUTE
const lateUpTo = ({ stamp }: SessionNews): number => (stamp === undefined ? COMES_LATE : TOLD_AGAIN)

type Session = Claimed & {
  readonly subscriber: string
  /** What the customer is known by, where that was told since a restart. */
  key?: string | undefined
  /** The session's first event that was heard, by the time of the events. */
  readonly began: number
  /** The session's last event: its own time, and when it arrived. */
  last: number
  heard: number
  /** It was known at a restart, whenever its last update came. */
  readonly restored?: number
  ended?: number
  /** Ended by its Stop: no late update opens it again. */
  stopped?: boolean
  /** Ended because its access server began anew. */
  lost?: boolean
}
type Nas = {
  readonly sessions: Map<string, Session>
  heard: number
  /** It began anew then, at the earliest: what is of before that is over. */
  anew?: number
}

export class AccountingSessions {
  readonly #settings: SessionSettings
  readonly #servers = new Map<string, Nas>()
  /** Names under which further clients tell of an access server with the same address. */
  readonly #seconds = new Map<string, Set<string>>()
  readonly #strangers = new Strangers()

  readonly #given: ClaimNeeds

  constructor(settings: SessionSettings) {
    this.#settings = settings
    this.#given = {
      ...settings,
      strangers: this.#strangers,
      toldSince: (lease, at) => this.#toldSince(lease, at),
    }
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
    for (const lease of leases) {
      if (!lease.session) continue
      this.#strangers.restore(lease)
      const { nas: name, id } = lease.session
      const nas = this.#nas(name, heardOf(name) ?? now)
      const known = nas.sessions.get(id)
      if (lease.to !== undefined) {
        // Where a session number is used again, an open session counts first, then the last end.
        if (known && (known.ended === undefined || known.ended >= lease.to)) continue
        const stopped = lease.stopped === true
        nas.sessions.set(id, { ...sessionOf(lease, now), ended: lease.to, stopped })
        continue
      }
      const session =
        known && known.ended === undefined && known.subscriber === lease.subscriber
          ? known
          : sessionOf(lease, now)
      session.leases.set(lease.prefix, { lease })
      nas.sessions.set(id, session)
    }
  }

  /** Leases that begin and end by this; none for most updates. `now` is when it came. */
  hear(record: SessionNews, now: number): readonly LeaseChange[] {
    const name = record.teller === undefined ? record.nas : `${record.nas} ${record.teller}`
    if (!this.#servers.has(name) && this.#servers.size >= MAX_SERVERS) return []
    const nas = this.#nas(name, now)
    if (record.teller !== undefined)
      this.#seconds.set(record.nas, this.#secondsOf(record.nas).add(name))
    const silent = this.#isSilent(nas, now)
    nas.heard = now
    // After a silence all its sessions have the benefit of the doubt, until they miss their updates again.
    if (silent)
      for (const session of nas.sessions.values()) session.heard = Math.max(session.heard, now)
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
    const { interim } = this.#settings
    const changes: LeaseChange[] = []
    for (const nas of this.#servers.values()) {
      const silent = this.#isSilent(nas, now)
      for (const [id, session] of nas.sessions) {
        if (session.ended !== undefined) {
          if (now - session.ended > REMEMBERED) nas.sessions.delete(id)
        } else if (interim > 0 && !silent && now - session.heard > MISSED * interim)
          changes.push(...end(session, { at: Math.max(session.last, session.restored ?? 0) }))
      }
    }
    return changes
  }

  /** Lines may be other customers' now: a lease of such a line ends, and is the other customer's from now on. */
  customersChanged(now: number): readonly LeaseChange[] {
    const changes: LeaseChange[] = []
    for (const { sessions } of this.#servers.values())
      for (const [id, session] of sessions) {
        const key = session.key ?? (this.#settings.isByUser ? userOf(session) : undefined)
        if (session.ended !== undefined || key === undefined) continue
        const subscriber = this.#settings.subscriberOf(key)
        if (subscriber === session.subscriber) continue
        const moved = handedOver(session, {
          subscriber,
          at: now,
          standing: this.#settings.standing,
        })
        changes.push(...moved.changes)
        if (moved.session) sessions.set(id, moved.session)
        else sessions.delete(id)
      }
    return changes
  }

  /** An access server that has said nothing for so long that the state of its sessions is unknown. */
  isSilent(name: string, now: number, session?: string): boolean {
    const all = [name, ...this.#secondsOf(name)].flatMap(one => this.#servers.get(one) ?? [])
    const mine = session === undefined ? all : all.filter(one => one.sessions.has(session))
    const asked = mine.length > 0 ? mine : all
    return asked.length > 0 && asked.every(one => this.#isSilent(one, now))
  }

  #secondsOf(nas: string): Set<string> {
    return this.#seconds.get(nas) ?? new Set()
  }

  /** Those that are silent, and how many sessions each has that are in doubt for that. */
  *silent(now: number): Generator<readonly [nas: string, sessions: number]> {
    for (const [name, nas] of this.#servers)
      if (this.#isSilent(nas, now))
        yield [name, [...nas.sessions.values()].filter(({ ended }) => ended === undefined).length]
  }

  /** Access servers, and when each was heard of last. */
  *heard(): Generator<readonly [nas: string, at: number]> {
    for (const [name, { heard }] of this.#servers) yield [name, heard]
  }

  #toldSince({ session }: Lease, at: number): boolean {
    if (!session) return false
    return [session.nas, ...this.#secondsOf(session.nas)].some(name => {
      const known = this.#servers.get(name)?.sessions.get(session.id)
      return known && known.ended === undefined && Math.max(known.restored ?? 0, known.last) >= at
    })
  }

  #isSilent(nas: Nas, now: number): boolean {
    const { interim } = this.#settings
    return interim > 0 && nas.sessions.size > 0 && now - nas.heard > MISSED * interim
  }

  #nas(name: string, heard: number): Nas {
    const known = this.#servers.get(name)
    if (known) return known
    const anew = this.#settings.anewOf?.(name)
    const fresh: Nas = { sessions: new Map(), heard, ...(anew === undefined ? {} : { anew }) }
    this.#servers.set(name, fresh)
    return fresh
  }

  #goesOn(nas: Nas, record: SessionNews, now: number): readonly LeaseChange[] {
    const { status, at, skew = 0 } = record
    const known = nas.sessions.get(record.session)
    const subscriber = this.#settings.subscriberOf(record.subscriber)
    // An event older than the last one of its session, of before its access server began anew, or so old that the session's end may be
    // forgotten, begins nothing.
    const isOver = nas.anew !== undefined && at <= nas.anew - WHOLE_SECOND
    if (isOver || (known ? at < known.last : at < now - REMEMBERED))
      return doubtedLate(record, { subscriber, given: this.#settings })
    if (known?.ended !== undefined && !isOfNewLife(known, record)) {
      // A late update of what has ended, one that overtook its Stop, or a copy of either.
      const isItsOwn = known.subscriber === subscriber
      const isLate = status === 'interim' && at - skew - known.ended <= lateUpTo(record)
      if (known.stopped && isItsOwn && isLate) return []
      if (at <= known.ended) return doubtedLate(record, { subscriber, given: this.#settings })
      // The event may be late, or of a new session with the same number and user. Without a stamp it seems to be of when it came; and after
      // a restart the clock of the access server is not learned yet. So a Start, or its copy, may seem to be later than the end.
      const isTimed = known.restored === undefined && record.stamp !== undefined
      const unsure = isTimed ? skew : Math.max(skew, TOLD_AGAIN)
      if (at - unsure <= known.ended && isItsOwn) return doubted(record, this.#settings)
    }
    const isAnew = status === 'start' && known !== undefined && at > known.last + TOLD_AGAIN
    const same = known && known.ended === undefined && known.subscriber === subscriber && !isAnew
    // Numbers of sessions are used again, also where no packet said that their access server started anew.
    const changes = known && known.ended === undefined && !same ? end(known, record) : []
    if (subscriber === undefined) {
      this.#settings.unknown?.(record)
      this.#strangers.hear(record, this.#settings.around)
      // This user has these addresses now, and no customer of ours.
      return [...changes, ...leaveFormer(record, this.#given)]
    }
    if (!same && nas.sessions.size >= MAX_SESSIONS) return changes
    const session: Session = same
      ? known
      : { subscriber, began: at, last: at, heard: now, leases: new Map() }
    session.last = at
    session.key = record.subscriber
    session.heard = Math.max(session.heard, now)
    nas.sessions.set(record.session, session)
    const news = same && status === 'start' ? withoutFormer(session, record) : record
    changes.push(...claim(session, { ...news, subscriber }, this.#given))
    return changes
  }

  #stop(nas: Nas, record: SessionNews, now: number): readonly LeaseChange[] {
    const { at } = record
    const session = nas.sessions.get(record.session)
    const subscriber = this.#settings.subscriberOf(record.subscriber)
    if (subscriber === undefined) this.#strangers.hear(record, this.#settings.around)
    if (session) {
      // Of a former life of that number: it has ended already.
      if (at < session.began || (subscriber ?? session.subscriber) !== session.subscriber) return []
      session.stopped = true
      if (session.ended !== undefined) return []
      return end(session, record).map(({ kind, lease }) => ({
        kind,
        lease: { ...lease, stopped: true },
      }))
    }
    // Its beginning was lost, or is still to come: then it is over already.
    if (nas.sessions.size < MAX_SESSIONS)
      nas.sessions.set(record.session, {
        subscriber: subscriber ?? '',
        began: at,
        last: at,
        heard: now,
        leases: new Map(),
        ended: at,
        stopped: true,
      })
    return []
  }

  #endAll(nas: Nas, record: SessionNews): readonly LeaseChange[] {
    const { at, skew = 0 } = record
    nas.anew = Math.max(nas.anew ?? 0, at - skew)
    if (record.teller === undefined) this.#settings.noteAnew?.(record.nas, nas.anew)
    return [...nas.sessions.values()].flatMap(session => {
      // What began after that is of its new life.
      if (session.ended !== undefined || session.began > at) return []
      const { leases } = session
      if (session.began > at - skew)
        return doubtedFrom(
          [...leases.values()].map(one => one.lease),
          at,
          this.#settings,
        )
      session.lost = true
      return end(session, record)
    })
  }
}

/** A session with the number of one that ended when its access server began anew, in that second or later; and no copy of that one's. */
const isOfNewLife = (known: Session, { status, at }: SessionNews): boolean =>
  status === 'start' &&
  known.lost === true &&
  at > known.began &&
  at > (known.ended ?? 0) - WHOLE_SECOND

const sessionOf = ({ subscriber, from }: Lease, now: number): Session => ({
  subscriber,
  began: from,
  last: from,
  heard: now,
  restored: now,
  leases: new Map(),
})

/** User-Name, as its leases have it. */
function userOf({ leases }: Session): string | undefined {
  for (const { lease } of leases.values()) return lease.session?.user
  return undefined
}

type HandedOver = { readonly session: Session | undefined; readonly changes: LeaseChange[] }

/** The session is another customer's from now on; of none where that is not known. */
function handedOver(
  session: Session,
  given: Pick<SessionSettings, 'standing'> & { subscriber: string | undefined; at: number },
): HandedOver {
  const { subscriber, at, standing } = given
  const changes: LeaseChange[] = []
  const leases: Session['leases'] = new Map()
  for (const [prefix, { lease, kind }] of session.leases) {
    const mine = standing(lease.realm, prefix).find(one => sameLease(one, lease))
    if (!mine) continue
    changes.push({ kind: 'close', lease: { ...lease, to: Math.max(at, lease.from) } })
    if (subscriber === undefined) continue
    const anew: Lease = { ...lease, subscriber, from: Math.max(at, lease.from) }
    leases.set(prefix, { lease: anew, ...(kind ? { kind } : {}) })
    const isDoubtful = mine.doubtFrom !== undefined
    changes.push({ kind: 'open', lease: isDoubtful ? { ...anew, doubtFrom: anew.from } : anew })
  }
  return {
    changes,
    session: subscriber === undefined ? undefined : { ...session, subscriber, leases },
  }
}

function end(session: Session, { at, skew }: Pick<SessionNews, 'at' | 'skew'>): LeaseChange[] {
  session.ended = at
  const changes = [...session.leases.values()].map(
    ({ lease }): LeaseChange => ({
      kind: 'close',
      lease: { ...lease, to: Math.max(at, lease.from), ...(skew ? { skew } : {}) },
    }),
  )
  session.leases.clear()
  return changes
}
