// Access servers as accounting tells of them: their sessions, and when each was heard. One address may be of several, told of by several
// clients, where the configuration does not say which client speaks for it. Pure.

import type { AccessSession, Lease } from '../../model/lease.ts'
import { textKey } from '../../model/text-key.ts'
import { isEnded, type Session } from './session.ts'

type ServersGiven = {
  /** ms between two updates of a session; 0: none are sent. */
  readonly interim: number
  readonly anewOf?: ((nas: string) => number | undefined) | undefined
  readonly firstOf?: ((nas: string) => string | undefined) | undefined
  readonly noteFirst?: ((nas: string, teller: string) => void) | undefined
}
type Named = Pick<AccessSession, 'nas' | 'teller'>

/** RFC 2869 §2.1 leaves it open; two and a half missed updates are no accident. */
const MISSED = 2.5
/** More access servers than this are one that gives itself ever new names. */
const MAX_SERVERS = 10_000

export class Nas {
  /** By number; where a number has two users, the second's by both. */
  readonly sessions = new Map<string, Session>()
  /** Places of those seconds, by number. */
  readonly #seconds = new Map<string, Set<string>>()
  /** As what it is written down. */
  readonly name: string
  /** As staff read it. */
  readonly about: string
  readonly #interim: number
  heard = 0
  /** It began anew then, at the earliest: what is of before that is over. */
  anew?: number
  /** When that was by its own clock, which is not known yet. */
  anewBy: number | undefined
  /** It was silent until then: what it has not told of since is in doubt. */
  again: number | undefined
  /** When it was heard before that. */
  before = 0
  /** From before a restart, and not heard since. */
  isRestored = false

  constructor({ nas, teller }: Named, name: string, interim: number) {
    this.name = name
    this.about = teller === undefined ? nas : `${nas} ${teller}`
    this.#interim = interim
  }

  /** The session with that number of this holder, or else of another one; and its place. */
  find(id: string, holder: string): [place: string, session: Session | undefined] {
    const first = this.sessions.get(id)
    if (first?.subscriber === holder) return [id, first]
    const place = secondPlace(id, holder)
    const second = this.sessions.get(place)
    return second ? [place, second] : [id, first]
  }

  put(id: string, session: Session): void {
    this.sessions.set(this.find(id, session.subscriber)[0], session)
  }

  putSecond(id: string, session: Session): void {
    const place = secondPlace(id, session.subscriber)
    this.sessions.set(place, session)
    this.#seconds.set(id, (this.#seconds.get(id) ?? new Set<string>()).add(place))
  }

  /** All with that number, whichever customers'. */
  withNumber(id: string): readonly Session[] {
    return [id, ...(this.#seconds.get(id) ?? [])].flatMap(place => this.sessions.get(place) ?? [])
  }

  /** It is another customer's from now on. */
  handOver(place: string, session: Session): void {
    const id = numberIn(place)
    if (id === place) return void this.sessions.set(place, session)
    this.forget(place)
    return this.putSecond(id, session)
  }

  /** Both were one all the time. */
  takeIn(other: Nas): void {
    for (const [place, session] of other.sessions) {
      const id = numberIn(place)
      const [, known] = this.find(id, session.subscriber)
      if (!known) this.sessions.set(id, session)
      else if (known.subscriber !== session.subscriber) this.putSecond(id, session)
      else if (isEnded(known)) this.put(id, session)
      else for (const [prefix, lease] of session.leases) known.leases.set(prefix, lease)
    }
  }

  forget(place: string): void {
    this.sessions.delete(place)
    const id = numberIn(place)
    const others = this.#seconds.get(id)
    others?.delete(place)
    if (others?.size === 0) this.#seconds.delete(id)
  }

  /** Its number was taken for another user's, and it goes on: both have it. */
  twinOf(id: string, session: Session): Session | undefined {
    const other = session.replaced ? this.sessions.get(id) : session.twin
    return other === session || isEnded(other) ? undefined : other
  }

  hear(now: number): void {
    this.isRestored = false
    if (this.isSilent(now)) {
      this.again = now
      this.before = this.heard
      // All its sessions have the benefit of the doubt, until they miss their updates again.
      for (const session of this.sessions.values()) session.heard = Math.max(session.heard, now)
    }
    this.heard = now
  }

  isSilent(now: number): boolean {
    return this.#interim > 0 && this.sessions.size > 0 && now - this.heard > MISSED * this.#interim
  }

  /** Whether updates of this session have ceased while others are told of. */
  misses(session: Session, now: number): boolean {
    return this.#interim > 0 && !this.isSilent(now) && now - session.heard > MISSED * this.#interim
  }

  /** Whether it was silent, and has not told of this session since. */
  isUntold(session: Session): boolean {
    return this.again !== undefined && !isEnded(session) && session.told < this.again
  }

  /** Sessions that it has not told of since it was silent. */
  untold(): number {
    if (this.again === undefined) return 0
    const count = [...this.sessions.values()].filter(one => this.isUntold(one)).length
    if (count === 0) this.again = undefined
    return count
  }
}

/** No number has a line break. */
const secondPlace = (id: string, holder: string): string => `${id}\n${holder}`
const numberIn = (place: string): string => place.split('\n', 1)[0] ?? ''

export class Servers {
  readonly #all = new Map<string, Nas>()
  /** Clients that tell of one address. */
  readonly #tellers = new Map<string, Set<string>>()
  readonly #settings: ServersGiven
  /** When one was heard before a restart. */
  heardOf: (name: string) => number | undefined = () => undefined

  constructor(settings: ServersGiven) {
    this.#settings = settings
  }

  all(): Iterable<Nas> {
    return this.#all.values()
  }

  /** The one that a record is of; undefined for one too many. */
  hear(record: Named, now: number): Nas | undefined {
    const nas = this.#told(record, now)
    nas?.hear(now)
    return nas
  }

  /** Its clock is learned under that name; two with one address have two clocks. */
  nameOf(record: Named, now: number): string {
    return this.#told(record, now)?.name ?? keyOf(record)
  }

  #told(record: Named, now: number): Nas | undefined {
    const known = this.#all.get(keyOf(record)) ?? this.#taken(record)
    if (!known && this.#all.size >= MAX_SERVERS) return undefined
    return known ?? this.#begin(record, now)
  }

  restored(named: Named): Nas {
    const known = this.#all.get(keyOf(named))
    if (known) return known
    const nas = this.#begin(named, 0)
    nas.heard = this.heardOf(nas.name) ?? 0
    nas.isRestored = true
    return nas
  }

  /** Those that this may be. */
  of(named: Named): readonly Nas[] {
    const exactly = this.#all.get(keyOf(named))
    if (exactly) return [exactly]
    const plain = this.#all.get(keyOf({ nas: named.nas }))
    if (plain) return [plain]
    return Array.from(this.#tellers.get(named.nas) ?? []).flatMap(teller => {
      return this.#all.get(keyOf({ ...named, teller })) ?? []
    })
  }

  isSilent({ session, subscriber }: Pick<Lease, 'session' | 'subscriber'>, now: number): boolean {
    if (!session) return false
    const all = this.of(session)
    const sessionIn = (nas: Nas) => nas.find(session.id, subscriber)[1]
    const mine = all.filter(sessionIn)
    const asked = mine.length > 0 ? mine : all
    const isInDoubt = (nas: Nas) => {
      const one = sessionIn(nas)
      return nas.isSilent(now) || (one !== undefined && nas.isUntold(one))
    }
    return asked.length > 0 && asked.every(isInDoubt)
  }

  *silent(now: number): Generator<readonly [nas: string, sessions: number, isAgain: boolean]> {
    for (const nas of this.#all.values()) {
      const open = () => [...nas.sessions.values()].filter(one => !isEnded(one)).length
      if (nas.isSilent(now)) yield [nas.about, open(), false]
      else if (nas.untold() > 0) yield [nas.about, nas.untold(), true]
    }
  }

  /** As it is to be known after a restart: of one that was silent, until it has told of all its sessions, when it was heard before that. */
  *heard(): Generator<readonly [nas: string, at: number]> {
    for (const nas of this.#all.values())
      yield [nas.name, nas.untold() > 0 ? nas.before : nas.heard]
  }

  #begin(named: Named, heard: number): Nas {
    const { nas: address, teller } = named
    const others = this.#tellers.get(address) ?? new Set()
    const { interim, anewOf, firstOf, noteFirst } = this.#settings
    const first = teller === undefined ? undefined : firstOf?.(address)
    const isFirst = first === undefined ? others.size === 0 : first === teller
    if (isFirst && teller !== undefined && first === undefined) noteFirst?.(address, teller)
    // The first is written down under the address alone, as if no other could have it.
    const name = isFirst ? keyOf({ nas: address }) : keyOf(named)
    const nas = new Nas(named, name, interim)
    nas.heard = heard
    const anew = anewOf?.(name)
    if (anew !== undefined) nas.anew = anew
    if (teller !== undefined) this.#tellers.set(address, others.add(teller))
    this.#all.set(keyOf(named), nas)
    return nas
  }

  /** What was known before a restart under another name: the configuration named no client then, or does so no longer. */
  #taken(named: Named): Nas | undefined {
    const { nas: address, teller } = named
    const former = teller === undefined ? this.of(named) : [this.#all.get(keyOf({ nas: address }))]
    const mine = former.filter(one => one?.isRestored === true)
    const [first] = mine
    if (!first) return undefined
    for (const [key, one] of this.#all) if (mine.includes(one)) this.#all.delete(key)
    for (const one of mine) if (one && one !== first) first.takeIn(one)
    this.#tellers.set(address, new Set(teller === undefined ? [] : [teller]))
    this.#all.set(keyOf(named), first)
    return first
  }
}

const keyOf = ({ nas, teller }: Named): string =>
  teller === undefined ? textKey(nas) : textKey(nas, teller)
