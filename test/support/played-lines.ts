// A random sequence of what happens in an access network, played to the real program beside a real router, with the oracle beside it:
// sessions of several access servers begin, move and end, machines become infected, staff decide, nft is slow, other programs flush it,
// Cordon is halted and killed.

import { setTimeout as pause } from 'node:timers/promises'
import { ask, order } from '../../src/cli/control-client.ts'
import type { Decision } from '../../src/model/decision.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { AccessServer, Status, Way } from './access-server.ts'
import { chance } from './chance.ts'
import { LineOracle } from './line-oracle.ts'
import {
  CUSTOMERS,
  FIRST_PORT,
  MAIN4,
  MAIN6,
  PLAYED,
  PORTS_EACH,
  SHARED,
  WEST4,
} from './played-config.ts'
import {
  type PlayAsked,
  closedIn,
  type Live,
  placeOf,
  type Played,
  type Scene,
} from './played-scene.ts'

export class Player {
  readonly #scene: Scene
  readonly #asked: PlayAsked
  readonly #config: string
  readonly #random: () => number
  readonly #oracle = new LineOracle([SHARED])
  readonly #sessions = new Set<Live>()
  /** What is under way: packets, orders. */
  readonly #under = new Set<Promise<unknown>>()
  /** Customers about whom an order is under way. */
  readonly #ordered = new Set<string>()
  /** Customers who knocked since the last quiet point: an order may have met what follows from it. */
  readonly #knocked = new Set<string>()
  /** Addresses whose news were lost, or came too late or in another order, since the last quiet point. */
  readonly #unclear = new Set<string>()
  readonly #said: string[] = []
  readonly #waits: number[] = []
  #numbers = 0
  #began = performance.now()

  constructor(scene: Scene, asked: PlayAsked, configured: string) {
    this.#scene = scene
    this.#asked = asked
    this.#config = configured
    this.#random = chance(asked.seed)
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
    if (what < 0.93) return this.#infected(session)
    if (what < 0.95) return this.#flushed()
    if (what < 0.965 && cordon.state === 'runs') return this.#halted()
    if (what < 0.975 && cordon.state === 'runs') return this.#killed()
    if (cordon.state !== 'runs') return this.#goesOn()
    const [before, after] = this.#maybe(0.4) ? [0, 0] : [this.#upTo(1000), this.#upTo(1000)]
    this.#say(`nft takes ${before} and ${after} ms`)
    this.#scene.network.delay(before, after)
  }

  #free(all: readonly string[], realm: string): string | undefined {
    return this.#among(all.filter(one => this.#oracle.holder(placeOf(realm, one)) === undefined))
  }

  #begins(address?: string, realm = this.#maybe(0.15) ? 'west' : 'main'): void {
    const { main, west } = this.#scene
    const nas = realm === 'west' ? west : this.#among(main)
    const user = this.#among(CUSTOMERS) as string
    const first = address ?? this.#free(realm === 'west' ? WEST4 : MAIN4, realm)
    const second =
      realm === 'main' && first?.includes(':') !== true && this.#maybe(0.4)
        ? this.#free(MAIN6, realm)
        : undefined
    const addresses = [first, second].filter(one => one !== undefined)
    if (!nas || addresses.length === 0) return
    const id = `s${++this.#numbers}`
    const session: Live = { id, user, addresses, nas, realm, isTold: false, began: Date.now() }
    this.#sessions.add(session)
    for (const one of addresses) this.#oracle.has(placeOf(realm, one), user)
    this.#tell('start', session)
  }

  #gone(session: Live): void {
    this.#sessions.delete(session)
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
    else if (Date.now() - session.began < 2000)
      this.#unclear.add(placeOf(session.realm, address ?? ''))
    this.#begins(address, session.realm)
    if (!isFirst) this.#tell('stop', session)
  }

  #renumbered(session: Live): void {
    const { realm } = session
    const [before = ''] = session.addresses
    const all = before.includes(':') ? MAIN6 : realm === 'west' ? WEST4 : MAIN4
    const next = this.#free(all, realm)
    if (next === undefined) return
    this.#oracle.leaves(placeOf(realm, before))
    this.#oracle.has(placeOf(realm, next), session.user)
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
      for (const one of session.addresses) this.#unclear.add(placeOf(session.realm, one))
    }
    if (isSaid) this.#follow(nas.tell('on', undefined))
    if (this.#maybe(0.5)) this.#numbers = 0
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
    if (Object.keys(way).length > 0) for (const one of places) this.#unclear.add(one)
    const how = Object.entries(way).map(one => one.join(' '))
    this.#say(`${nas.settings.name} ${status} ${id} ${user} ${places.join(' ')} ${how.join(', ')}`)
    const told = nas.tell(status, { id, user, addresses: [...addresses] }, way)
    this.#follow(
      told.then(isAnswered => {
        if (!isAnswered) for (const one of places) this.#unclear.add(one)
        else if (addresses === session.addresses) session.isTold = true
      }),
    )
  }

  #imposes(): void {
    const customer = this.#among(CUSTOMERS) as string
    const decision = this.#among(['isolate', 'isolate', 'suspend', 'redirect-25', 'hold'] as const)
    if (this.#ordered.has(customer) || !decision) return
    const closes = decision === 'isolate' || decision === 'suspend'
    const given = order(this.#scene.cordon, {
      kind: 'impose',
      subject: `line:${customer}`,
      decision,
      why: 'a sequence is played',
      letter: false,
    })
    this.#orders(customer, { words: decision, given, becomes: closes ? 'yes' : undefined })
  }

  #releases(): void {
    const customer = this.#among(CUSTOMERS.filter(one => this.#oracle.contained(one) !== 'no'))
    if (customer === undefined || this.#ordered.has(customer)) return
    const { cordon } = this.#scene
    const given = ask<{ rows: Incident[] }>(cordon, `/incidents?subscriber=${customer}`).then(
      ({ rows }) => {
        const open = rows.find(({ subject }) => subject === `line:${customer}`)
        if (!open) throw new Error('no case is open')
        return order(cordon, { kind: 'release', incident: open.id })
      },
    )
    this.#orders(customer, { words: 'release', given, becomes: 'no' })
  }

  #orders(
    customer: string,
    {
      words,
      given,
      becomes,
    }: {
      readonly words: string
      readonly given: Promise<{ readonly done: boolean; readonly text: string }>
      readonly becomes: 'yes' | 'no' | undefined
    },
  ): void {
    this.#ordered.add(customer)
    this.#say(`${words} ${customer}`)
    if (becomes !== undefined) this.#oracle.decided(customer, 'maybe')
    this.#follow(
      given
        .then(({ done, text }) => {
          this.#say(`${words} ${customer}: ${text}`)
          if (becomes === undefined || !done) return
          this.#oracle.decided(customer, this.#knocked.has(customer) ? 'maybe' : becomes)
        })
        .catch((error: unknown) => this.#say(`${words} ${customer}: ${String(error)}`))
        .finally(() => this.#ordered.delete(customer)),
    )
  }

  /**
   * A machine on the line knocks at strangers' port 25. Whether that is sure enough may depend on what was told of the address lately; and
   * where its access server has not told of it, it may be taken for the last one there.
   */
  #infected({ user, addresses: [address = ''], realm, isTold }: Live): void {
    if (!isTold || this.#ordered.has(user)) return
    this.#knocked.add(user)
    if (this.#oracle.contained(user) === 'no') this.#oracle.decided(user, 'maybe')
    this.#say(`${user} knocks from ${placeOf(realm, address)}`)
    this.#knocks(address, realm)
  }

  #knocks(address: string, realm: string): void {
    const { cordon } = this.#scene
    const inside = Number(address.split('.').at(-1))
    if (realm === 'west') cordon.knocks(SHARED, FIRST_PORT + inside * PORTS_EACH + 7)
    else cordon.knocks(address.replace(/\/\d+$/, '9'), 40_000)
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
    if (cordon.state !== 'runs') await this.#goesOn()
    while (this.#under.size > 0) await Promise.all(this.#under)
    if (this.#maybe(0.5)) network.delay(0, 0)
    this.#say(`quiet after ${step} steps`)
    const about = `seed ${this.#asked.seed}, step ${step}`
    const first = await this.#settled()
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
    this.#knocked.clear()
    return [...first.map(one => `${about}: ${one}`), ...early, ...late]
  }

  /** For people: what Cordon and the router say of the addresses. */
  async #shown(wrong: readonly string[]): Promise<readonly string[]> {
    const { cordon, network } = this.#scene
    const addresses = PLAYED.filter(one => wrong.some(words => words.includes(`${one} `)))
    const said = addresses.map(async one => {
      const holder = await ask(cordon, `/who?address=${one.replace(/\/\d+$/, '9')}`)
      return `${one}: ${JSON.stringify(holder)}`
    })
    const status = JSON.stringify(await ask(cordon, '/network'))
    return [...(await Promise.all(said)), network.sets(), status]
  }

  async #allToldAgain(): Promise<void> {
    for (const session of this.#sessions) this.#tell('interim', session, {})
    while (this.#under.size > 0) await Promise.all(this.#under)
  }

  /** When what is told of it happened is not known yet: its access server's clock is not. */
  #isDoubtful(address: string): boolean {
    const session = this.#on(address)
    return session !== undefined && !session.nas.isKnown
  }

  #on(address: string): Live | undefined {
    return [...this.#sessions].find(({ realm, addresses }) =>
      addresses.some(one => placeOf(realm, one) === address),
    )
  }

  /** What Cordon has decided, once what it was told last has had its consequences. */
  async #settled(): Promise<readonly string[]> {
    await pause(300)
    const { cordon } = this.#scene
    const all = await ask<readonly Decision[]>(cordon, '/decisions')
    const closing = all.filter(({ kind }) => kind === 'isolate' || kind === 'suspend')
    const said = closing.flatMap(({ subject }) =>
      subject.startsWith('line:') ? [subject.slice('line:'.length)] : [],
    )
    return this.#oracle.settle(new Set(said), CUSTOMERS)
  }

  async #right(about: string, unsure: (address: string) => boolean): Promise<readonly string[]> {
    const unheard = (address: string) => this.#on(address)?.isTold !== true
    const began = performance.now()
    for (;;) {
      const found = await this.#scene.network.found()
      const wrong = this.#oracle.wrong(found, { unheard, unsure })
      const waited = performance.now() - began
      if (wrong.length === 0) {
        this.#waits.push(waited)
        this.#say(`right after ${Math.round(waited)} ms: closed are ${closedIn(found)}`)
        return []
      }
      if (waited > this.#asked.patience)
        return [...(await this.#shown(wrong)), ...wrong.map(one => `${about}: ${one}`)]
      await pause(50)
    }
  }
}
