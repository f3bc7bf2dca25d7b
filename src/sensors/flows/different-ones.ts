// How many different addresses were seen with a line in this window, for each thing that is counted of it. Bounded: what there is no
// more room for is not counted until the next window.

import { MINUTE } from '../../model/duration.ts'
import type { FlowAddress } from './flow.ts'

/** Different addresses are counted within this time. */
const WINDOW = 10 * MINUTE
/** Lines in one window. */
const MAX_LINES = 500_000
/** Addresses that are remembered in one window, of all lines together: some 200 MB. */
const MAX_SEEN = 2_000_000
/** Things that are counted of one line: signs and ports. */
const MAX_COUNTS = 16
/** Things that always have room: an outsider must not take all places with knocks at sixteen ports. */
const ALWAYS = /^(?:port 25|submission-fan-out|command-contact|flood)\b/

/** For each thing that is counted, the different ones. */
type AddressesByThing = Map<string, Set<FlowAddress>>

export class DifferentOnes {
  #lines = new Map<FlowAddress, AddressesByThing>()
  #window = -1
  #remembered = 0

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
    const others = this.#of(line, what)
    if (!others || others.size >= most || this.#remembered >= MAX_SEEN || others.has(other))
      return undefined
    this.#remembered++
    return others.add(other).size
  }

  #of(line: FlowAddress, what: string): Set<FlowAddress> | undefined {
    const known = this.#lines.get(line)
    if (!known && this.#lines.size >= MAX_LINES) return undefined
    const mine: AddressesByThing = known ?? new Map()
    if (!known) this.#lines.set(line, mine)
    const seen = mine.get(what)
    if (seen || (mine.size >= MAX_COUNTS && !ALWAYS.test(what))) return seen
    const fresh = new Set<FlowAddress>()
    mine.set(what, fresh)
    return fresh
  }
}
