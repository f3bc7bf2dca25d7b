// How many different addresses were seen with a line in this window, for each thing that is counted of it. Bounded: what there is no
// more room for is not counted until the next window.

import { MINUTE } from '../../model/duration.ts'
import type { FlowAddress } from './flow.ts'

/** Different addresses are counted within this time. */
const WINDOW = 10 * MINUTE
/** Bounds of one window. */
export type Room = {
  readonly lines: number
  /** Addresses that are remembered, of all lines together. */
  readonly remembered: number
  /** Things that are counted of one line: signs and ports. */
  readonly counts: number
}

/** For each thing that is counted, the different ones. */
type AddressesByThing = Map<string, Set<FlowAddress>>

export class DifferentOnes {
  readonly #room: Room
  #lines = new Map<FlowAddress, AddressesByThing>()
  #window = -1
  #remembered = 0

  constructor(room: Room) {
    this.#room = room
  }

  /** Lines of which something is counted just now. */
  get lines(): number {
    return this.#lines.size
  }

  /** Begins anew where `at` lies in another window than what came before. */
  turn(at: number): void {
    const window = Math.floor(at / WINDOW)
    if (window === this.#window) return
    this.#window = window
    this.#lines = new Map()
    this.#remembered = 0
  }

  /** How many addresses there are with this one; undefined when it was seen before, there are `most` already, or there is no more room. */
  count(
    line: FlowAddress,
    what: string,
    { other, most }: { readonly other: FlowAddress; readonly most: number },
  ): number | undefined {
    if (this.#remembered >= this.#room.remembered) return undefined
    const others = this.#of(lineOf(line), what)
    if (!others || others.size >= most || others.has(other)) return undefined
    this.#remembered++
    return others.add(other).size
  }

  #of(line: FlowAddress, what: string): Set<FlowAddress> | undefined {
    const known = this.#lines.get(line)
    if (!known && this.#lines.size >= this.#room.lines) return undefined
    const mine: AddressesByThing = known ?? new Map()
    if (!known) this.#lines.set(line, mine)
    const seen = mine.get(what)
    if (seen || mine.size >= this.#room.counts) return seen
    const fresh = new Set<FlowAddress>()
    mine.set(what, fresh)
    return fresh
  }
}

/** A home has all addresses of its /64, and may use ever new ones. */
const lineOf = (address: FlowAddress): FlowAddress =>
  typeof address === 'number' ? address : address.slice(0, 16)
