// A random sequence of what happens in an access network, played to the real program beside a real router, with the oracle beside it:
// sessions of several access servers begin, move and end, machines become infected, staff decide, nft is slow, other programs flush it,
// Cordon is halted and killed.

import { setTimeout as pause } from 'node:timers/promises'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { AccessServer, Status, Way } from './access-server.ts'
import { chance } from './chance.ts'
import { LineOracle } from './line-oracle.ts'
import { CUSTOMERS, INNER, MAIN4, MAIN6, SHARED, STRANGER, WIDE } from './played-config.ts'
import { foundByCoa, settled, shownOf } from './played-looks.ts'
import { PlayedOrders } from './played-orders.ts'
import {
  type PlayAsked,
  closedIn,
  type Live,
  placeOf,
  type Played,
  type PlayedRealm,
  type Scene,
} from './played-scene.ts'
import { FIRST } from './swift-scene.ts'

/** Stamps have whole seconds, and a clock may not be settled (ms). */
const ANEW_UNSURE = 5000

export class Player {
  readonly #scene: Scene
  readonly #asked: PlayAsked
  readonly #config: string
  readonly #random: () => number
  readonly #oracle = new LineOracle([SHARED], new Map([[INNER, WIDE]]))
  readonly #sessions = new Set<Live>()
  /** What is under way: packets, orders. */
  readonly #under = new Set<Promise<unknown>>()
  readonly #orders: PlayedOrders
  /** Sessions that have ended in the wider prefix, and Cordon may not know. */
  readonly #leftInside = new Set<Live>()
  /** When access servers began anew last. */
  readonly #anew = new Map<AccessServer, number>()
  /** Addresses whose news were lost, or came too late or in another order, since the last quiet point. */
  readonly #unclear = new Set<string>()
  readonly #said: string[] = []
  readonly #waits: number[] = []
  /** Numbers of sessions of each access server: others have the same ones. */
  readonly #numbers = new Map<AccessServer, number>()
  #olds = 0
  #began = performance.now()

  constructor(scene: Scene, asked: PlayAsked, configured: string) {
    this.#scene = scene
    this.#asked = asked
    this.#config = configured
    this.#random = chance(asked.seed)
    this.#orders = new PlayedOrders({
      cordon: scene.cordon,
      oracle: this.#oracle,
      say: words => this.#say(words),
      follow: work => this.#follow(work),
      kill: () => this.#killed(),
    })
  }

  async play(): Promise<Played> {
    for (let step = 1; step <= this.#asked.steps; step++) {
      await this.#step()
      if (this.#maybe(0.4)) await pause(this.#upTo(150))
      const isLast = step === this.#asked.steps
      if (!isLast && !this.#maybe(0.025)) continue
      const wrong = await this.#quiet(step, isLast)
      if (wrong.length > 0) return { wrong: [...this.#said, ...wrong], waits: this.#waits }
    }
    return { wrong: [], waits: this.#waits }
  }

  async over(): Promise<void> {
    await this.#scene.cordon.kill()
    await Promise.all(this.#under)
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
    this.#said.push(`${((performance.now() - this.#began) / 1000).toFixed(2)} ${words}`)
  }

  #follow(work: Promise<unknown>): void {
    const followed = work.finally(() => this.#under.delete(followed))
    this.#under.add(followed)
  }

  async #step(): Promise<void> {
    const { cordon } = this.#scene
    const what = this.#random()
    const session = this.#among([...this.#sessions])
    if (what < 0.22 || !session) return this.#begins()
    if (what < 0.4) return this.#handedOn(session)
    if (what < 0.5) return this.#ends(session)
    if (what < 0.58) return this.#renumbered(session)
    if (what < 0.7) return this.#tell('interim', session)
    if (what < 0.72) return this.#serverBeginsAnew(session.nas)
    if (what < 0.82) return this.#imposes()
    if (what < 0.9) return this.#releases()
    if (what < 0.93) return this.#orders.infected(session, this.#maybe(0.5))
    if (what < 0.945) return this.#flushed()
    if (what < 0.955) return this.#oldNews()
    if (what < 0.965 && cordon.state === 'runs') return this.#halted()
    if (what < 0.975 && cordon.state === 'runs') return this.#killed()
    if (cordon.state !== 'runs') return this.#goesOn()
    if (this.#maybe(0.4)) {
      const [span, delay] = [this.#upTo(3000), this.#upTo(1500)]
      this.#say(`CoA is silent for ${span} ms, and then takes ${delay}`)
      return this.#scene.doorOfCoa.silent(span, delay)
    }
    const [before, after] = this.#maybe(0.4) ? [0, 0] : [this.#upTo(1000), this.#upTo(1000)]
    this.#say(`nft takes ${before} and ${after} ms`)
    this.#scene.network.delay(before, after)
  }

  #realm(): PlayedRealm {
    const what = this.#random()
    return what < 0.15 ? 'west' : what < 0.3 ? 'coa' : 'main'
  }

  #free(all: readonly string[], realm: string): string | undefined {
    return this.#among(all.filter(one => this.#oracle.holder(placeOf(realm, one)) === undefined))
  }

  #begins(address?: string, realm = this.#realm(), customer?: string): void {
    const { main, west, coa } = this.#scene
    const nas = realm === 'west' ? west : realm === 'coa' ? coa : this.#among(main)
    const user = customer ?? (this.#maybe(0.06) ? STRANGER : (this.#among(CUSTOMERS) as string))
    const all = realm === 'main' && this.#maybe(0.1) ? [WIDE] : FIRST[realm]
    const first = address ?? this.#free(all, realm)
    const second =
      realm === 'main' && first?.includes(':') !== true && this.#maybe(0.4)
        ? this.#free(MAIN6, realm)
        : undefined
    const addresses = [first, second].filter(one => one !== undefined)
    if (!nas || addresses.length === 0) return
    const number = (this.#numbers.get(nas) ?? 0) + 1
    this.#numbers.set(nas, number)
    const id = `s${number}`
    const began = Date.now()
    const session: Live = { id, user, addresses, nas, realm, isTold: false, began }
    this.#sessions.add(session)
    if (nas === coa) this.#scene.doorOfCoa.sessions.begins(id, user)
    // Which was first, its beginning or that of its access server, may not be clear.
    const isUnsure = began - (this.#anew.get(nas) ?? 0) < ANEW_UNSURE
    // So is the older of two prefixes in one another, until it is told of again.
    for (const one of addresses)
      if (isUnsure || one === WIDE || one === INNER) this.#blur(placeOf(realm, one))
    for (const one of addresses) this.#oracle.has(placeOf(realm, one), user)
    this.#tell('start', session)
  }

  /** What is unclear of a prefix is so of those that it lies in, or that lie in it. */
  #blur(place: string): void {
    this.#unclear.add(place)
    if (place === WIDE) this.#unclear.add(INNER)
    if (place === INNER) this.#unclear.add(WIDE)
  }

  #gone(session: Live): void {
    this.#sessions.delete(session)
    if (session.realm === 'coa') this.#scene.doorOfCoa.sessions.ends(session.id)
    if (session.addresses.includes(INNER)) this.#leftInside.add(session)
    for (const one of session.addresses) this.#oracle.leaves(placeOf(session.realm, one))
  }

  #ends(session: Live): void {
    this.#gone(session)
    this.#tell('stop', session)
  }

  /** The next customer has the address at once. */
  #handedOn(session: Live): void {
    const [address] = session.addresses
    this.#gone(session)
    const isFirst = this.#maybe(0.7)
    if (isFirst) this.#tell('stop', session)
    else if (Date.now() - session.began < 2000) this.#blur(placeOf(session.realm, address ?? ''))
    // The same customer, too, after a line that was broken.
    this.#begins(address, session.realm, this.#maybe(0.2) ? session.user : undefined)
    if (!isFirst) this.#tell('stop', session)
  }

  #renumbered(session: Live): void {
    const { realm } = session
    const [before = ''] = session.addresses
    const all = before.includes(':') ? MAIN6 : FIRST[realm]
    const next = this.#free(all, realm)
    if (next === undefined) return
    this.#oracle.leaves(placeOf(realm, before))
    this.#oracle.has(placeOf(realm, next), session.user)
    if (next === INNER) this.#blur(INNER)
    session.addresses = [next, ...session.addresses.slice(1)]
    session.isTold = false
    this.#tell('interim', session)
  }

  #serverBeginsAnew(nas: AccessServer): void {
    const mine = [...this.#sessions].filter(session => session.nas === nas)
    const isSaid = this.#maybe(0.7)
    this.#say(`${nas.settings.name} begins anew${isSaid ? '' : ' and does not say so'}`)
    for (const session of mine) {
      this.#gone(session)
      for (const one of session.addresses) this.#blur(placeOf(session.realm, one))
    }
    this.#anew.set(nas, Date.now())
    if (isSaid) this.#follow(nas.tell('on', undefined))
    if (this.#maybe(0.5)) this.#numbers.delete(nas)
  }

  #wayOf(status: Status): Way {
    const lost = { start: 0.03, stop: 0.15, interim: 0.1, on: 0 }[status]
    return {
      ...(this.#maybe(lost) ? { lost: true } : {}),
      ...(this.#maybe(0.2) ? { delay: this.#upTo(1500) } : {}),
      ...(this.#maybe(0.1) ? { copy: this.#upTo(3000) } : {}),
      ...(this.#maybe(0.1) ? { attempts: 4 } : {}),
    }
  }

  #tell(status: Status, session: Live, way = this.#wayOf(status)): void {
    const { id, user, addresses, nas, realm } = session
    const places = addresses.map(one => placeOf(realm, one))
    if (Object.keys(way).length > 0) for (const one of places) this.#blur(one)
    const how = Object.entries(way).map(one => one.join(' '))
    this.#say(`${nas.settings.name} ${status} ${id} ${user} ${places.join(' ')} ${how.join(', ')}`)
    const told = nas.tell(status, { id, user, addresses: [...addresses] }, way)
    this.#follow(
      told.then(isAnswered => {
        // A copy may say what the session had before: a clock that is not known since a restart does not tell.
        const now = how.length > 0 ? session.addresses.map(one => placeOf(realm, one)) : []
        for (const one of isAnswered ? now : [...places, ...now]) this.#blur(one)
        if (isAnswered && addresses === session.addresses) session.isTold = true
        if (isAnswered) this.#leftOrReplaced(status, session)
      }),
    )
  }

  /** Until then Cordon may think that another customer still has a part of the wider prefix. */
  #leftOrReplaced(status: Status, session: Live): void {
    if (status === 'stop') this.#leftInside.delete(session)
    else if (this.#sessions.has(session) && session.addresses.includes(INNER))
      this.#leftInside.clear()
  }

  async #imposes(): Promise<void> {
    const customer = this.#among(CUSTOMERS) as string
    const decision = this.#among(['isolate', 'isolate', 'suspend', 'redirect-25', 'hold'] as const)
    if (decision) await this.#orders.imposes(customer, decision, this.#maybe(0.1))
  }

  async #releases(): Promise<void> {
    const customer = this.#among(CUSTOMERS.filter(one => this.#oracle.contained(one) !== 'no'))
    if (customer !== undefined) await this.#orders.releases(customer, this.#maybe(0.1))
  }

  /** What a proxy kept comes now: of a session of long ago that was never told of, with a number that another one may have by now. */
  #oldNews(): void {
    const nas = this.#among(this.#scene.main.filter(one => one.isKnown))
    const address = this.#among([...MAIN4, ...MAIN6, WIDE].filter(one => one !== INNER))
    const user = this.#among([...CUSTOMERS, STRANGER])
    if (!nas || address === undefined || user === undefined) return
    const taken = [...this.#sessions].filter(one => one.nas === nas).map(({ id }) => id)
    const id = (this.#maybe(0.3) && this.#among(taken)) || `old${++this.#olds}`
    const began = this.#among([10 * MINUTE, HOUR]) as number
    const age = began + this.#upTo(began)
    this.#blur(address)
    const isStopped = this.#maybe(0.7)
    this.#say(`${nas.settings.name} told ${age} ms ago: ${id} ${user} ${address}`)
    const session = { id, user, addresses: [address] }
    const told = nas.tell('start', session, { age })
    this.#follow(told.then(() => isStopped && nas.tell('stop', session, { age: age - MINUTE })))
  }

  #flushed(): void {
    const { network } = this.#scene
    if (this.#maybe(0.5)) {
      this.#say('the table is loaded anew')
      return network.loadTable(this.#config)
    }
    const set = this.#among(['closed4_32', 'closed6_56']) as string
    this.#say(`${set} is flushed`)
    return network.nft('flush', 'set', 'inet', 'cordon', set)
  }

  #halted(): void {
    this.#say('Cordon is halted')
    this.#scene.cordon.halt()
  }

  async #killed(): Promise<void> {
    this.#say('Cordon is killed')
    await this.#scene.cordon.kill()
  }

  async #goesOn(): Promise<void> {
    const { cordon } = this.#scene
    this.#say(`Cordon goes on after it was ${cordon.state}`)
    if (cordon.state === 'killed')
      for (const one of [...this.#scene.main, this.#scene.west]) one.forget()
    await cordon.goesOn()
    this.#say('Cordon is ready')
  }

  /** Everything has arrived and was answered; then each session that is there is told of twice more. It must be right before and after. */
  async #quiet(step: number, isLast: boolean): Promise<readonly string[]> {
    const { cordon, network } = this.#scene
    do {
      if (cordon.state !== 'runs') await this.#goesOn()
      while (this.#under.size > 0) await Promise.all(this.#under)
      // An order may have been the last thing before it was killed.
    } while (cordon.state !== 'runs')
    if (this.#maybe(0.5)) network.delay(0, 0)
    this.#say(`quiet after ${step} steps`)
    const about = `seed ${this.#asked.seed}, step ${step}`
    const first = await settled(this.#scene, this.#oracle)
    const early = await this.#right(about, one => this.#unclear.has(one) || this.#isDoubtful(one))
    await this.#allToldAgain()
    // At the end every clock is known, and everything must be sure. Before, too, where two sessions claimed one address: then the second
    // update of one, and none of the other, says whose it is (docs/network.md).
    const isEnough = (rounds: number) =>
      !isLast || rounds === 12 || [...this.#sessions].every(({ nas }) => nas.isKnown)
    for (let rounds = 0; rounds === 0 || !isEnough(rounds); rounds++) {
      await pause(1100)
      await this.#allToldAgain()
    }
    const late = await this.#right(`${about}, all told again`, one => this.#isDoubtful(one))
    this.#unclear.clear()
    this.#orders.quiet()
    return [...first.map(one => `${about}: ${one}`), ...early, ...late]
  }

  async #allToldAgain(): Promise<void> {
    for (const session of this.#sessions) this.#tell('interim', session, {})
    while (this.#under.size > 0) await Promise.all(this.#under)
  }

  /** When what is told of it happened is not known yet: its access server's clock is not. */
  #isDoubtful(address: string): boolean {
    const session = this.#on(address)
    if (session !== undefined && !session.nas.isKnown) return true
    // A wider prefix is not closed while another customer has a part of it.
    if (address !== WIDE) return false
    const inner = this.#oracle.holder(INNER)
    return this.#leftInside.size > 0 || (inner !== undefined && inner !== session?.user)
  }

  #on(address: string): Live | undefined {
    const found = [...this.#sessions].find(({ realm, addresses }) =>
      addresses.some(one => placeOf(realm, one) === address),
    )
    return found ?? (address === INNER ? this.#on(WIDE) : undefined)
  }

  async #right(about: string, unsure: (address: string) => boolean): Promise<readonly string[]> {
    // Of the rest of a wider prefix it is not known that another customer has left it.
    const isLeft = this.#oracle.holder(INNER) === undefined && this.#leftInside.size > 0
    const unheard = (address: string) =>
      this.#on(address)?.isTold !== true || (address === INNER && isLeft)
    const began = performance.now()
    for (;;) {
      const found = new Map([
        ...(await this.#scene.network.found()),
        ...foundByCoa(this.#scene, this.#sessions),
      ])
      const wrong = this.#oracle.wrong(found, { unheard, unsure })
      const waited = performance.now() - began
      if (wrong.length === 0) {
        this.#waits.push(waited)
        this.#say(`right after ${Math.round(waited)} ms: closed are ${closedIn(found)}`)
        return []
      }
      if (waited > this.#asked.patience)
        return [...(await shownOf(this.#scene, wrong)), ...wrong.map(one => `${about}: ${one}`)]
      await pause(50)
    }
  }
}
