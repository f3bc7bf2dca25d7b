// A random sequence of what happens in an access network, played in milliseconds to all that stands between accounting and routers, with the
// oracle beside it.

import { DAY, HOUR, MINUTE, SECOND } from '../../src/model/duration.ts'
import type { Status } from './access-server.ts'
import { chance } from './chance.ts'
import { LineOracle, type PortState } from './line-oracle.ts'
import { COA4, CUSTOMERS, INNER, MAIN4, MAIN6, STRANGER, WEST4, WIDE } from './played-config.ts'
import { machineOf } from './played-network.ts'
import { placeOf, type PlayedRealm } from './played-scene.ts'
import {
  accessServers,
  customer,
  EXPERTS,
  FIRST,
  type SwiftNas,
  type SwiftSession,
} from './swift-scene.ts'
import { SwiftNetwork } from './swift-network.ts'
import { SwiftPost } from './swift-post.ts'

const AT = Date.UTC(2026, 0, 5)
/** Stamps have whole seconds, and what is told of an access server's beginning may come after what began since (ms). */
const ANEW_UNSURE = 5 * SECOND
/** How long a clock is listened to until it is known (ms). */
const ROUND = 6 * SECOND
const SURE = 2

export class SwiftPlayer {
  readonly #random: () => number
  readonly #network: SwiftNetwork
  readonly #oracle = new LineOracle([], new Map([[INNER, WIDE]]))
  readonly #nases: readonly SwiftNas[]
  readonly #sessions = new Set<SwiftSession>()
  readonly #post: SwiftPost
  readonly #unclear = new Set<string>()
  /** Places that their last session has left, and Cordon was told so. */
  readonly #left = new Set<string>()
  /** The last session that had a place. */
  readonly #last = new Map<string, SwiftSession>()
  readonly #leftInside = new Set<SwiftSession>()
  readonly #said: string[] = []
  #olds = 0

  constructor(seed: number, file: string) {
    this.#random = chance(seed)
    this.#nases = accessServers()
    this.#network = new SwiftNetwork({
      customers: CUSTOMERS.map(customer),
      clients: this.#nases.map(({ from, realm }) => ({ address: from, realm })),
      coa: { nas: 'bngc', realm: 'coa' },
      file,
      began: AT + DAY,
    })
    this.#post = new SwiftPost(this.#network, words => this.#say(words), AT + DAY)
  }

  /** What was wrong, after what had happened; nothing when nothing was. */
  async play(steps: number): Promise<readonly string[]> {
    for (let step = 1; step <= steps; step++) {
      this.#network.now += 1 + this.#upTo(3 * SECOND)
      this.#post.deliver()
      await this.#step()
      if (this.#maybe(0.5)) await new Promise(resolve => setImmediate(resolve))
      if (this.#maybe(0.4)) this.#network.router.calls.shift()?.go()
      if (this.#maybe(0.4)) this.#network.requests.shift()?.go()
      if (step !== steps && !this.#maybe(0.05)) continue
      const wrong = await this.#quiet(step)
      if (wrong.length > 0) return [...this.#said, ...wrong]
    }
    return []
  }

  #maybe(share: number): boolean {
    return this.#random() < share
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * most)
  }

  #among<T>(all: readonly T[]): T | undefined {
    return all[this.#upTo(all.length)]
  }

  #say(words: string): void {
    this.#said.push(`${((this.#network.now - AT - DAY) / 1000).toFixed(3)} ${words}`)
  }

  #step(): void | Promise<void> {
    const what = this.#random()
    const session = this.#among([...this.#sessions])
    if (what < 0.24 || !session) return this.#begins()
    if (what < 0.4) return this.#handedOn(session)
    if (what < 0.5) return this.#ends(session)
    if (what < 0.58) return this.#renumbered(session)
    if (what < 0.7) return this.#tell('interim', session)
    if (what < 0.73) return this.#serverBeginsAnew(session.nas)
    if (what < 0.84) return this.#orders()
    if (what < 0.9) return this.#oldNews()
    if (what < 0.92) return this.#killed()
    if (what < 0.93) return this.#network.compare()
    return undefined
  }

  #free(all: readonly string[], realm: PlayedRealm): string | undefined {
    return this.#among(all.filter(one => this.#oracle.holder(placeOf(realm, one)) === undefined))
  }

  #begins(address?: string, realm?: PlayedRealm, same?: string): void {
    const nas = this.#among(this.#nases.filter(one => realm === undefined || one.realm === realm))
    if (!nas) return
    const user = same ?? (this.#maybe(0.06) ? STRANGER : (this.#among(CUSTOMERS) as string))
    const all = nas.realm === 'main' && this.#maybe(0.1) ? [WIDE] : FIRST[nas.realm]
    const first = address ?? this.#free(all, nas.realm)
    const second =
      nas.realm === 'main' && first?.includes(':') !== true && this.#maybe(0.4)
        ? this.#free(MAIN6, nas.realm)
        : undefined
    const addresses = [first, second].filter(one => one !== undefined)
    if (addresses.length === 0) return
    const id = `s${++nas.numbers}`
    const session: SwiftSession = { id, user, nas, addresses, told: 0, began: this.#network.now }
    this.#sessions.add(session)
    for (const one of this.#places(session)) {
      this.#oracle.has(one, user)
      this.#left.delete(one)
      // Stamps have whole seconds: which of two that began within one was first is in doubt.
      if (session.began - (this.#last.get(one)?.began ?? 0) < 2 * SECOND) this.#blur(one)
      this.#last.set(one, session)
      // The older of two in one another is in doubt until it is told of again.
      if (session.began - nas.anew < ANEW_UNSURE || one === WIDE || one === INNER) this.#blur(one)
    }
    if (nas.realm === 'coa') this.#network.coa.begins(id, user)
    this.#tell('start', session)
  }

  #places({ addresses, nas }: Pick<SwiftSession, 'addresses' | 'nas'>): readonly string[] {
    return addresses.map(one => placeOf(nas.realm, one))
  }

  /** What is unclear of a prefix is so of those that it lies in, or that lie in it. */
  #blur(place: string): void {
    this.#unclear.add(place)
    if (place === WIDE) this.#unclear.add(INNER)
    if (place === INNER) this.#unclear.add(WIDE)
  }

  #gone(session: SwiftSession): void {
    this.#sessions.delete(session)
    if (session.nas.realm === 'coa') this.#network.coa.ends(session.id)
    if (session.addresses.includes(INNER)) this.#leftInside.add(session)
    for (const one of this.#places(session)) this.#oracle.leaves(one)
  }

  #isLeft(session: SwiftSession): void {
    for (const one of this.#places(session))
      if (this.#last.get(one) === session) this.#left.add(one)
  }

  #ends(session: SwiftSession): void {
    this.#gone(session)
    this.#tell('stop', session)
  }

  /** The next customer has the address at once; or the same one, after a line that was broken. */
  #handedOn(session: SwiftSession): void {
    const [address] = session.addresses
    this.#gone(session)
    const isFirst = this.#maybe(0.7)
    if (isFirst) this.#tell('stop', session)
    else for (const one of this.#places(session)) this.#blur(one)
    this.#begins(address, session.nas.realm, this.#maybe(0.2) ? session.user : undefined)
    if (!isFirst) this.#tell('stop', session)
  }

  #renumbered(session: SwiftSession): void {
    const { realm } = session.nas
    const [before = ''] = session.addresses
    const next = this.#free(before.includes(':') ? MAIN6 : FIRST[realm], realm)
    if (next === undefined) return
    if (before === INNER) this.#leftInside.add({ ...session })
    this.#oracle.leaves(placeOf(realm, before))
    this.#oracle.has(placeOf(realm, next), session.user)
    this.#left.delete(placeOf(realm, next))
    this.#last.set(placeOf(realm, next), session)
    if (next === INNER) this.#blur(INNER)
    session.addresses = [next, ...session.addresses.slice(1)]
    session.told = 0
    this.#tell('interim', session)
  }

  #serverBeginsAnew(nas: SwiftNas): void {
    const isSaid = this.#maybe(0.7)
    this.#say(`${nas.from} begins anew${isSaid ? '' : ' and does not say so'}`)
    const mine = [...this.#sessions].filter(one => one.nas === nas)
    for (const session of mine) {
      this.#gone(session)
      for (const one of this.#places(session)) this.#blur(one)
    }
    nas.anew = this.#network.now
    if (this.#maybe(0.5)) nas.numbers = 0
    if (!isSaid) return
    // What began in the second before may have begun after.
    const before = mine.filter(
      ({ began, told }) => told >= SURE && began < this.#network.now - ANEW_UNSURE,
    )
    this.#post.put({ status: 'on', nas, session: undefined, at: this.#network.now, due: 0 })
    for (const one of before) this.#isLeft(one)
  }

  #orders(): void {
    const who = this.#among(CUSTOMERS) as string
    const isIn = this.#oracle.contained(who) === 'yes'
    this.#say(isIn ? `release ${who}` : `isolate ${who}`)
    this.#oracle.decided(who, isIn ? 'no' : 'yes')
    if (isIn) this.#network.releases(who)
    else this.#network.isolates(who)
  }

  /** What a proxy kept comes now: of a session of long ago that was never told of, with a number that another one may have by now. */
  #oldNews(): void {
    const nas = this.#among(this.#nases.filter(one => this.#isSettled(one)))
    const address =
      nas &&
      this.#among([...FIRST[nas.realm], WIDE].filter(one => nas.realm === 'main' || one !== WIDE))
    const user = this.#among([...CUSTOMERS, STRANGER])
    if (!nas || address === undefined || user === undefined) return
    const taken = [...this.#sessions].filter(one => one.nas === nas).map(({ id }) => id)
    const id = (this.#maybe(0.3) && this.#among(taken)) || `old${++this.#olds}`
    const at = this.#network.now - 2 * HOUR - this.#upTo(HOUR)
    this.#blur(placeOf(nas.realm, address))
    this.#left.delete(placeOf(nas.realm, address))
    const session = { id, user, addresses: [address] }
    this.#post.put({ status: 'start', nas, session, at, due: 0 })
    if (this.#maybe(0.7)) this.#post.put({ status: 'stop', nas, session, at: at + MINUTE, due: 0 })
  }

  /** What it has not written down by then is told again, and so counts as told after it. */
  async #killed(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.#say('Cordon is killed')
    this.#network.kill(() => this.#maybe(0.5))
  }

  #tell(status: Status, session: SwiftSession, isSure = false): void {
    const { id, user, nas, addresses } = session
    const at = this.#network.now
    const places = this.#places(session)
    const lost = { start: 0.03, stop: 0.15, interim: 0.1, on: 0 }[status]
    const isLost = !isSure && this.#maybe(lost)
    const late = !isSure && this.#maybe(0.2) ? this.#upTo(4 * SECOND) : 0
    const copy = !isSure && this.#maybe(0.1) ? this.#upTo(4 * SECOND) : 0
    if (isLost || late > 0 || copy > 0) for (const one of places) this.#blur(one)
    if (isLost) return this.#say(`${status} ${id} ${user} ${places.join(' ')} is lost`)
    const told = { id, user, addresses }
    const heard = () => {
      if (late > 0) for (const one of this.#places(session)) this.#blur(one)
      if (addresses === session.addresses) {
        // What a clock says that is not known leaves the doubt, however often it is said.
        if (!this.#isSettled(nas)) session.told = Math.max(session.told, 1)
        else session.told += status === 'start' ? SURE : 1
      }
      if (status === 'stop') this.#leftInside.delete(session)
      if (status === 'stop') this.#isLeft(session)
      else if (this.#sessions.has(session) && addresses.includes(INNER)) this.#leftInside.clear()
    }
    this.#post.put({ status, nas, session: told, at, due: at + late, heard })
    // It may say what the session had before: a clock that is not known since a restart does not tell.
    const again = () => this.#places(session).forEach(one => this.#blur(one))
    if (copy > 0)
      this.#post.put({ status, nas, session: told, at, due: at + late + copy, heard: again })
    return undefined
  }

  /** Everything has arrived; then each session that is there is told of until every clock is known. It must be right before and after. */
  async #quiet(step: number): Promise<readonly string[]> {
    this.#post.deliverAll()
    await this.#network.quiet()
    this.#say('quiet')
    const named = this.#named()
    const early = this.#wrong(
      one => this.#unclear.has(one) || this.#isDivided(one) || !this.#isKnown(one),
    )
    const known = [...early, ...named]
      .flatMap(one => CUSTOMERS.filter(id => one.includes(id)))
      .map(id => `${id}: ${this.#network.shown(id)}`)
    for (let round = 0; round < 5; round++) {
      this.#network.now += ROUND
      for (const session of this.#sessions) this.#tell('interim', session, true)
      await this.#network.quiet()
    }
    this.#unclear.clear()
    const late = [...this.#wrong(one => this.#isDivided(one)), ...this.#named()]
    return [
      ...known,
      ...named.map(one => `step ${step}: ${one}`),
      ...early.map(one => `step ${step}: ${one}`),
      ...late.map(one => `step ${step}, all told again: ${one}`),
    ]
  }

  #isKnown(place: string): boolean {
    const session = this.#on(place)
    return session !== undefined && session.told >= SURE && this.#isSettled(session.nas)
  }

  #isSettled({ says, name }: SwiftNas): boolean {
    return this.#network.isSettled(says ?? name)
  }

  /** A wider prefix is not closed, nor opened, while another customer has a part of it, or may have. */
  #isDivided(place: string): boolean {
    if (place !== WIDE && (place !== INNER || this.#oracle.holder(INNER) !== undefined))
      return false
    const inner = this.#oracle.holder(INNER)
    return this.#leftInside.size > 0 || (inner !== undefined && inner !== this.#oracle.holder(WIDE))
  }

  #on(place: string): SwiftSession | undefined {
    const found = [...this.#sessions].find(session => this.#places(session).includes(place))
    return found ?? (place === INNER ? this.#on(WIDE) : undefined)
  }

  #wrong(unsure: (place: string) => boolean): readonly string[] {
    // Of the rest of a wider prefix it is not known that another customer has left it.
    // A user that is no customer is met by what is put around it later, until told of again.
    const unheard = (place: string) =>
      (place === INNER && this.#on(place)?.user === STRANGER && this.#unclear.has(place)) ||
      (this.#on(place)?.told ?? 0) === 0 ||
      (place === INNER && this.#oracle.holder(INNER) === undefined && this.#leftInside.size > 0)
    const found = new Map(this.#found())
    const opened = [...MAIN4, ...MAIN6, WIDE].flatMap(one => {
      const user = this.#on(one)?.user
      if (user === undefined || unheard(one)) return []
      const isOpen = found.get(one) === 'open' && this.#stands('expert', one)
      if (!EXPERTS.includes(user)) return isOpen ? [`port 25 of ${user} at ${one} is opened`] : []
      return isOpen || unsure(one) || this.#oracle.contained(user) === 'yes'
        ? []
        : [`port 25 of the expert ${user} at ${one} is not opened`]
    })
    return [...this.#oracle.wrong(found, { unheard, unsure }), ...opened]
  }

  /** Places of which Cordon is sure that somebody has them who does not. */
  #named(): readonly string[] {
    return [
      ...FIRST.main,
      ...MAIN6,
      WIDE,
      ...WEST4.map(one => `west/${one}`),
      ...COA4.map(one => `coa/${one}`),
    ].flatMap(place => {
      const [realm, address] = place.includes('/1')
        ? (place.split('/') as [string, string])
        : ['main', place]
      const sure = this.#network.sureOf(realm, machineOf(address))
      const session = this.#on(place)
      const isLeft =
        place === INNER && this.#oracle.holder(INNER) === undefined && this.#leftInside.size > 0
      const isMet = place === INNER && session?.user === STRANGER && this.#unclear.has(place)
      if (sure === undefined || isLeft || isMet || session?.told === 0) return []
      if (session)
        return session.user === sure ? [] : [`${place} of ${session.user} is surely ${sure}'s`]
      return place !== INNER && place !== WIDE && this.#left.has(place)
        ? [`${place}, left, is surely ${sure}'s`]
        : []
    })
  }

  /** In the set of this prefix, or of one around it. */
  #stands(kind: string, prefix: string): boolean {
    const [address = '', bits = '32'] = prefix.split('/')
    const family = prefix.includes(':') ? 6 : 4
    return (
      this.#network.router.holds(`${kind}${family}_${bits}`, address) ||
      (prefix === INNER && this.#stands(kind, WIDE))
    )
  }

  *#found(): Iterable<readonly [string, PortState]> {
    for (const one of [...MAIN4, ...MAIN6, WIDE])
      yield [one, this.#stands('closed', one) ? 'closed' : 'open']
    for (const { nas, id, addresses } of this.#sessions)
      if (nas.realm === 'coa')
        for (const one of addresses)
          yield [placeOf('coa', one), this.#network.coa.isClosed(id) ? 'closed' : 'open']
  }
}
