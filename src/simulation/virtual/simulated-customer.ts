// Whom one customer knows, to whom a reply is owed, and which of their mail went through a network that is not known yet.

import { FREE_A_DAY, OWED_FOR } from '../../engine/evidence/owed-replies.ts'
import { DAY } from '../../model/duration.ts'
import type { SimulatedMail, SimulatedRecipient } from '../population/simulated-mail.ts'

const REMEMBERED = 400 * DAY

export class SimulatedCustomer {
  readonly #known = new Map<number, number>()
  readonly #owed = new Map<number, number>()
  readonly #through = new Map<number, number>()
  #owedToday = { day: 0, used: 0 }

  knows(people: readonly SimulatedRecipient[], since: number): void {
    for (const { id } of people) this.#known.set(id, since)
  }

  /** To a person, through a fresh network or undefined. */
  wrote(id: number, at: number, network: number | undefined): void {
    this.#known.set(id, at)
    if (network !== undefined) this.#through.set(id, network)
  }

  /** The network by which it is an answer, if it is one. */
  gotFrom(id: number, at: number): number | undefined {
    this.#owed.set(id, at)
    const network = this.#through.get(id)
    this.#through.delete(id)
    return network
  }

  isFirst(id: number, at: number): boolean {
    const since = this.#known.get(id)
    return !this.#isOwed(id, at) && (since === undefined || since < at - REMEMBERED)
  }

  /** An owed reply that was not judged spam is free, so many a day. */
  takesOwed({ judged, at }: SimulatedMail, id: number): boolean {
    if (judged === 'spam' || !this.#isOwed(id, at)) return false
    const day = Math.floor(at / DAY)
    if (this.#owedToday.day !== day) this.#owedToday = { day, used: 0 }
    if (this.#owedToday.used >= FREE_A_DAY) return false
    this.#owedToday.used++
    this.#owed.delete(id)
    return true
  }

  #isOwed(id: number, at: number): boolean {
    return (this.#owed.get(id) ?? -Infinity) > at - OWED_FOR
  }
}
