// What accounting says of sessions, as leases. The truth table: a lease is opened by Start, or by the first Interim when the Start
// was lost; it is closed by Stop, by Accounting-On or -Off of its access server, by a Start of somebody else on the same address
// (the leases do that themselves), or when its updates cease while its access server goes on talking of others. What comes late,
// twice or in the wrong order changes nothing. Pure: no socket, no clock.

import type { AccessSession, Lease, LeaseChange } from '../../model/lease.ts'
import type { AccountingRecord } from './accounting.ts'

export type SessionSettings = {
  readonly realm: string
  /** How often access servers send updates; 0 when they do not. */
  readonly interim: number
  /** Subscriber of an account name; undefined for one nobody knows. */
  readonly subscriberOf: (name: string) => string | undefined
}

/** RFC 2869 §2.1 leaves it open; two and a half missed updates are no accident. */
const MISSED = 2.5
/** Ends are remembered this long, so that an update that comes late does not begin anew. */
const REMEMBERED = 60 * 60 * 1000
/** Sessions of one access server; more are not a server's. */
const MAX_SESSIONS = 2_000_000
/** More access servers than this are one that gives itself ever new names. */
const MAX_SERVERS = 10_000

type Session = {
  subscriber: string
  /** The first that was heard of it, by the time of the events. */
  readonly began: number
  readonly leases: Map<string, Lease>
  /** When it was last heard of, by the time of the events. */
  last: number
  ended?: number
}
type Nas = { readonly sessions: Map<string, Session>; heard: number }

export class AccountingSessions {
  readonly #settings: SessionSettings
  readonly #servers = new Map<string, Nas>()
  unknownSubscribers = 0

  constructor(settings: SessionSettings) {
    this.#settings = settings
  }

  /** What was known before a restart; when it was heard of last was not, so it counts as heard of now. */
  restore(leases: Iterable<Lease>, now: number): void {
    for (const lease of leases) {
      if (!lease.session || lease.to !== undefined || lease.realm !== this.#settings.realm) continue
      const nas = this.#nas(lease.session.nas, now)
      const session = nas.sessions.get(lease.session.id) ?? {
        subscriber: lease.subscriber,
        began: lease.from,
        leases: new Map<string, Lease>(),
        last: now,
      }
      session.leases.set(lease.prefix, lease)
      nas.sessions.set(lease.session.id, session)
    }
  }

  /** Leases that begin and end by this; none for most updates. `now` is when it came. */
  hear(record: AccountingRecord, now: number): readonly LeaseChange[] {
    if (!this.#servers.has(record.nas) && this.#servers.size >= MAX_SERVERS) return []
    const nas = this.#nas(record.nas, now)
    const silent = this.#isSilent(nas, now)
    nas.heard = now
    // After a silence all its sessions have the benefit of the doubt, until they miss their updates again.
    if (silent)
      for (const session of nas.sessions.values()) session.last = Math.max(session.last, now)
    switch (record.status) {
      case 'nas-on':
      case 'nas-off':
        return this.#endAll(nas, record.at)
      case 'stop':
        return this.#stop(nas, record)
      case 'start':
      case 'interim':
        return this.#goesOn(nas, record)
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
        } else if (interim > 0 && !silent && now - session.last > MISSED * interim)
          changes.push(...end(session, session.last))
      }
    }
    return changes
  }

  /** An access server that has said nothing for so long that nobody can tell what is true behind it. */
  isSilent(name: string, now: number): boolean {
    const nas = this.#servers.get(name)
    return nas !== undefined && this.#isSilent(nas, now)
  }

  #isSilent(nas: Nas, now: number): boolean {
    const { interim } = this.#settings
    return interim > 0 && nas.sessions.size > 0 && now - nas.heard > MISSED * interim
  }

  #nas(name: string, now: number): Nas {
    const known = this.#servers.get(name)
    if (known) return known
    const fresh: Nas = { sessions: new Map(), heard: now }
    this.#servers.set(name, fresh)
    return fresh
  }

  #goesOn(nas: Nas, record: AccountingRecord): readonly LeaseChange[] {
    const known = nas.sessions.get(record.session)
    // A late update of what has ended, or one that overtook its Stop.
    if (known?.ended !== undefined && (record.status === 'interim' || record.at <= known.ended))
      return []
    const subscriber = this.#settings.subscriberOf(record.subscriber)
    if (subscriber === undefined) {
      this.unknownSubscribers++
      return []
    }
    const fresh = !known || known.ended !== undefined
    if (fresh && nas.sessions.size >= MAX_SESSIONS) return []
    const session: Session = fresh
      ? { subscriber, began: record.at, leases: new Map(), last: record.at }
      : known
    session.last = Math.max(session.last, record.at)
    nas.sessions.set(record.session, session)
    const access: AccessSession = { nas: record.nas, id: record.session, user: record.user }
    const changes: LeaseChange[] = []
    for (const prefix of record.prefixes) {
      if (session.leases.has(prefix)) continue
      const { realm } = this.#settings
      const lease: Lease = { realm, prefix, subscriber, from: record.at, session: access }
      session.leases.set(prefix, lease)
      changes.push({ kind: 'open', lease })
    }
    return changes
  }

  #stop(nas: Nas, record: AccountingRecord): readonly LeaseChange[] {
    const session = nas.sessions.get(record.session)
    if (session) return session.ended === undefined ? end(session, record.at) : []
    // Its beginning was lost, or is still to come: then it is over already.
    if (nas.sessions.size < MAX_SESSIONS)
      nas.sessions.set(record.session, {
        subscriber: record.subscriber,
        began: record.at,
        leases: new Map(),
        last: record.at,
        ended: record.at,
      })
    return []
  }

  #endAll(nas: Nas, at: number): readonly LeaseChange[] {
    return [...nas.sessions.values()].flatMap(session =>
      // What began after that is of its new life.
      session.ended === undefined && session.began <= at ? end(session, at) : [],
    )
  }
}

function end(session: Session, at: number): LeaseChange[] {
  session.ended = at
  const changes = [...session.leases.values()].map(
    (lease): LeaseChange => ({
      kind: 'close',
      lease: { ...lease, to: Math.max(at, lease.from) },
    }),
  )
  session.leases.clear()
  return changes
}
