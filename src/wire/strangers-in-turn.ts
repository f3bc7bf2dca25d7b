// The order in which strangers' passwords are looked at. Networks without wrong attempts go before those with one, these before those with
// two, and these before the others. Among equals the turns of ORDERS follow each other, each of which serves a client that another one
// would keep waiting: an attacker that is answered and comes back from elsewhere, a crowd that came before, a crowd of new addresses, and
// one in the client's own surroundings.

import type { Stranger, Surroundings } from '../ports/credentials.ts'
import { MANY } from './last-wrong.ts'

type One<T> = { readonly what: T; readonly came: number; readonly stranger: Stranger }
/** Those that wait from one network, at least one, in the order in which they came. */
type Network<T> = {
  readonly name: string
  readonly around: Surroundings
  readonly ones: One<T>[]
  /** When it was asked last; within the window it only grows. */
  own: number
}
/**
 * `fewest`: the surroundings with the fewest networks that guessed; of those the last to come.
 * `quiet`: where none of the rank was wrong for longest; of those the first to come.
 * In both, of one surroundings the network that came last and the one that came first, in turn.
 * `newest`, `oldest`: the last to come, the first; `unanswered`: whose surroundings were not wrong since the one that waits longest came.
 * `any`: where nothing at all was wrong for longest, of all ranks.
 */
const ORDERS = ['fewest', 'oldest', 'unanswered', 'quiet', 'newest', 'any'] as const
type Order = (typeof ORDERS)[number]

type Running = { readonly network: string; readonly around: Surroundings; readonly rank: number }

export type StrangersInTurn<T> = {
  readonly size: number
  add(network: string, stranger: Stranger, what: T): void
  /** `end` is to be called when it is answered: until then it may be wrong, and counts so. */
  next(): { readonly what: T; readonly end: () => void } | undefined
  /** Which is refused when there is no room. */
  giveWay(): T | undefined
}

export function strangersInTurn<T>(): StrangersInTurn<T> {
  const networks = new Map<string, Network<T>>()
  /** As many as there are cores. */
  const running = new Set<Running>()
  const oldestIsNext = new WeakSet<Surroundings>()
  let size = 0
  let came = 0
  let turns = 0

  const rankOf = ({ name, own }: Network<T>) => {
    let count = own
    for (const one of running) if (one.network === name) count++
    return Math.min(count, MANY)
  }
  const isRunning = (around: Surroundings, rank?: number) => {
    for (const one of running)
      if (one.around === around && (rank === undefined || one.rank === rank)) return true
    return false
  }
  const lastOf = ({ around }: Network<T>) =>
    isRunning(around) ? Number.POSITIVE_INFINITY : around.last
  const lastAlike = (rank: number) => {
    return ({ around }: Network<T>) =>
      isRunning(around, rank) ? Number.POSITIVE_INFINITY : (around.lastBefore[rank] ?? 0)
  }
  const guessers = ({ around }: Network<T>) => around.guessers + (isRunning(around, 0) ? 1 : 0)
  const unanswered = (alike: readonly Network<T>[], last: Measure<Network<T>>) => {
    const longest = least(alike, firstOf)?.ones[0]?.stranger.since ?? 0
    return alike.filter(one => last(one) <= longest)
  }
  const inTurn = (alike: readonly Network<T>[], ...measures: Measure<Network<T>>[]) => {
    const around = least(alike, ...measures)?.around
    const there = alike.filter(one => one.around === around)
    return least(there, around && oldestIsNext.has(around) ? firstOf : newestOf)
  }
  const choose = (order: Order) => {
    const all = [...networks.values()]
    // By rank where the surroundings are the same.
    if (order === 'any') return least(all, lastOf, rankOf, firstOf)
    const rank = all.reduce((lowest, one) => Math.min(lowest, rankOf(one)), MANY)
    const alike = all.filter(one => rankOf(one) === rank)
    const last = lastAlike(rank)
    switch (order) {
      case 'fewest':
        return inTurn(alike, guessers, last, newestOf)
      case 'quiet':
        return inTurn(alike, last, firstOf)
      case 'unanswered':
        return least(unanswered(alike, last), newestOf) ?? least(alike, newestOf)
      case 'oldest':
        return least(alike, firstOf)
      case 'newest':
        return least(alike, newestOf)
      default:
        return order satisfies never
    }
  }
  const isOldest = (order: Order, { around }: Network<T>) => {
    if (order === 'any' || order === 'oldest') return true
    if (order === 'newest' || order === 'unanswered') return false
    if (oldestIsNext.delete(around)) return true
    oldestIsNext.add(around)
    return false
  }
  const take = (network: Network<T>, which: 'newest' | 'oldest'): One<T> | undefined => {
    const one = which === 'newest' ? network.ones.pop() : network.ones.shift()
    if (network.ones.length === 0) networks.delete(network.name)
    if (one) size--
    return one
  }
  return {
    get size() {
      return size
    },
    add: (name, stranger, what) => {
      const { around } = stranger
      const network = networks.get(name) ?? { name, around, ones: [], own: stranger.own() }
      network.ones.push({ what, came: came++, stranger })
      networks.set(name, network)
      size++
    },
    next: () => {
      if (size === 0) return undefined
      const order = ORDERS[turns++ % ORDERS.length] ?? 'any'
      let network = choose(order)
      // Only the chosen one is asked anew: thousands may wait. It has the next rank at least, or is taken.
      while (network !== undefined) {
        const own = network.ones[0]?.stranger.own() ?? 0
        if (Math.min(own, MANY) <= Math.min(network.own, MANY)) break
        network.own = own
        network = choose(order)
      }
      if (network === undefined) return undefined
      const rank = rankOf(network)
      const one = take(network, isOldest(order, network) ? 'oldest' : 'newest')
      if (!one) return undefined
      const begun = { network: network.name, around: network.around, rank }
      running.add(begun)
      return { what: one.what, end: () => void running.delete(begun) }
    },
    giveWay: () => {
      // The network with the most waiting; then the most wrong attempts, the latest; then the first to come.
      const network = least(
        [...networks.values()],
        one => -one.ones.length,
        one => -rankOf(one),
        one => -lastOf(one),
        firstOf,
      )
      return network && take(network, network.ones.length > 1 ? 'newest' : 'oldest')?.what
    },
  }
}

/** The last to come is the least. */
const newestOf = <T>({ ones }: Network<T>) => -(ones.at(-1)?.came ?? 0)
const firstOf = <T>({ ones }: Network<T>) => ones[0]?.came ?? 0

type Measure<N> = (one: N) => number

/** By the first measure; of equals by the next one. */
function least<N>(all: readonly N[], ...measures: Measure<N>[]): N | undefined {
  let best: N | undefined
  for (const one of all) if (best === undefined || isLess(one, best, measures)) best = one
  return best
}

function isLess<N>(one: N, other: N, measures: readonly ((one: N) => number)[]): boolean {
  for (const measure of measures) {
    const difference = measure(one) - measure(other)
    // NaN where both are endless.
    if (difference !== 0 && !Number.isNaN(difference)) return difference < 0
  }
  return false
}
