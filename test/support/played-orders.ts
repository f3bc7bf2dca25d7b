// What staff order while a sequence is played, what infected machines do, and what the oracle makes of either. Cordon may be killed as soon as it
// has answered: what it has answered is done.

import { ask, order } from '../../src/cli/control-client.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { LineOracle } from './line-oracle.ts'
import { FIRST_PORT, PORTS_EACH, SHARED, STRANGER } from './played-config.ts'
import type { PlayedCordon } from './played-network.ts'
import { type Live, placeOf } from './played-scene.ts'

type PlayedOrdersNeeds = {
  readonly cordon: PlayedCordon
  readonly oracle: LineOracle
  readonly say: (words: string) => void
  readonly follow: (work: Promise<unknown>) => void
  readonly kill: () => Promise<void>
}

type GivenOrder = {
  readonly words: string
  readonly given: Promise<{ readonly done: boolean; readonly text: string }>
  readonly becomes: 'yes' | 'no' | undefined
  readonly isLast: boolean
}

export class PlayedOrders {
  readonly #needs: PlayedOrdersNeeds
  /** Customers about whom an order is under way. */
  readonly #ordered = new Set<string>()
  /** Customers who knocked since the last quiet point: an order may have met what follows from it. */
  readonly #knocked = new Set<string>()

  constructor(needs: PlayedOrdersNeeds) {
    this.#needs = needs
  }

  /** What knocking leads to has happened. */
  quiet(): void {
    this.#knocked.clear()
  }

  /** `isLast`: Cordon is killed when it has answered. */
  imposes(
    customer: string,
    decision: 'isolate' | 'suspend' | 'redirect-25' | 'hold',
    isLast: boolean,
  ): Promise<void> | undefined {
    if (this.#ordered.has(customer)) return undefined
    const closes = decision === 'isolate' || decision === 'suspend'
    const given = order(this.#needs.cordon, {
      kind: 'impose',
      subject: `line:${customer}`,
      decision,
      why: 'a sequence is played',
      letter: false,
    })
    const becomes = closes ? 'yes' : undefined
    return this.#orders(customer, { words: decision, given, becomes, isLast })
  }

  releases(customer: string, isLast: boolean): Promise<void> | undefined {
    if (this.#ordered.has(customer)) return undefined
    const { cordon } = this.#needs
    const given = ask<{ rows: Incident[] }>(cordon, `/incidents?subscriber=${customer}`).then(
      ({ rows }) => {
        const open = rows.find(({ subject }) => subject === `line:${customer}`)
        if (!open) throw new Error('no case is open')
        return order(cordon, { kind: 'release', incident: open.id })
      },
    )
    return this.#orders(customer, { words: 'release', given, becomes: 'no', isLast })
  }

  #orders(
    customer: string,
    { words, given, becomes, isLast }: GivenOrder,
  ): Promise<void> | undefined {
    const { cordon, oracle, say, follow, kill } = this.#needs
    this.#ordered.add(customer)
    say(`${words} ${customer}`)
    if (becomes !== undefined) oracle.decided(customer, 'maybe')
    const work = given
      .then(({ done, text }) => {
        say(`${words} ${customer}: ${text}`)
        if (becomes === undefined || !done) return
        oracle.decided(customer, this.#knocked.has(customer) ? 'maybe' : becomes)
      })
      .catch((error: unknown) => say(`${words} ${customer}: ${String(error)}`))
      .finally(() => this.#ordered.delete(customer))
    follow(work)
    // One that is halted answers when it goes on.
    if (!isLast || cordon.state !== 'runs') return undefined
    return work.then(() => kill())
  }

  /**
   * A machine on the line knocks at strangers' port 25. Whether that is sure enough may depend on what was told of the address lately; and
   * where its access server has not told of it, it may be taken for the last one there. `isAtEnd`: from the last port that it has, not the first.
   */
  infected({ user, addresses: [address = ''], realm, isTold }: Live, isAtEnd: boolean): void {
    const { cordon, oracle, say } = this.#needs
    if (realm === 'coa' || user === STRANGER || !isTold || this.#ordered.has(user)) return
    this.#knocked.add(user)
    if (oracle.contained(user) === 'no') oracle.decided(user, 'maybe')
    say(`${user} knocks from ${placeOf(realm, address)}`)
    const inside = Number(address.split('.').at(-1))
    const first = FIRST_PORT + inside * PORTS_EACH
    if (realm === 'west') cordon.knocks(SHARED, isAtEnd ? first + PORTS_EACH - 1 : first)
    else cordon.knocks(address.replace(/::\/48$/, ':ff00::9').replace(/\/\d+$/, '9'), 40_000)
  }
}
