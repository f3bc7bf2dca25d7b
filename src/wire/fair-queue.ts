// Limits how many costly things run at once; the others wait, fairly: clients at home go first, then strangers with few wrong attempts, the
// fewest first, then one from each source in turn. So a thousand from one source keep another source waiting for no more than one of them.

import type { Turn } from '../ports/credentials.ts'

/** `full`: it was not started, because too many wait. */
export type Waited<T> = { readonly done: T } | 'full'

export type FairQueue = {
  /** Rejects as the work does. */
  run<T>(turn: Turn, work: () => Promise<T>): Promise<Waited<T>>
}

type WaitingStart = { readonly turn: Turn; readonly start: () => void; readonly refuse: () => void }

/** Those that wait from one source, the oldest first; sources in the order of their turns. */
type Flows = Map<string, WaitingStart[]>

/** A lane has so many waiting: no client is refused for the number of others before half of all connections (as shipped) wait here. */
const ROOM = 5000
/** Where clients wait in both lanes, one turn in so many is the later lane's: strangers wait long, not for ever. */
const OTHERS_TURN = 8

export function fairQueue({
  width,
  room = ROOM,
}: {
  readonly width: number
  readonly room?: number
}): FairQueue {
  const lanes: Readonly<Record<Turn['lane'], Flows>> = { first: new Map(), rest: new Map() }
  const waiting = { first: 0, rest: 0 }
  const newcomers = freshOnes<WaitingStart>()
  let running = 0
  const isOthersTurn = everyEighth()
  const isRestsTurn = everyEighth()

  const enter = (one: WaitingStart) => {
    const { lane, from, fresh } = one.turn
    if (fresh !== undefined && !newcomers.has(fresh.place)) {
      newcomers.add(fresh, one)
      if (newcomers.size > room) newcomers.giveWay()?.refuse()
      return undefined
    }
    const flow = lanes[lane].get(from) ?? []
    if (waiting[lane] >= room) {
      // The source with the most waiting gives way, with the one that came last.
      const longest = longestOf(lanes[lane])
      if (longest.length <= flow.length + 1) return one.refuse()
      waiting[lane]--
      longest.pop()?.refuse()
    }
    flow.push(one)
    lanes[lane].set(from, flow)
    waiting[lane]++
    return undefined
  }
  const nextOf = (lane: Turn['lane']): WaitingStart | undefined => {
    const [from, flow] = lanes[lane].entries().next().value ?? ['', []]
    const one = flow.shift()
    if (!one) return undefined
    waiting[lane]--
    lanes[lane].delete(from)
    // Behind all others.
    if (flow.length > 0) lanes[lane].set(from, flow)
    return one
  }
  const nextStranger = () => {
    const isTurn = isRestsTurn(newcomers.size > 0 && waiting.rest > 0)
    return isTurn ? nextOf('rest') : (newcomers.next() ?? nextOf('rest'))
  }
  const next = () => {
    const isTurn = isOthersTurn(waiting.first > 0 && newcomers.size + waiting.rest > 0)
    return isTurn ? nextStranger() : (nextOf('first') ?? nextStranger())
  }
  const pump = () => {
    while (running < width) {
      const one = next()
      if (!one) return
      running++
      one.start()
    }
  }
  return {
    run: (turn, work) =>
      new Promise((resolve, reject) => {
        const start = () =>
          void work()
            .then(done => resolve({ done }), reject)
            .finally(() => {
              running--
              pump()
            })
        enter({ turn, start, refuse: () => resolve('full') })
        pump()
      }),
  }
}

/** Says when it is the other one's turn, told each time whether both wait. */
function everyEighth(): (both: boolean) => boolean {
  let turns = 0
  return both => {
    turns = both ? turns + 1 : 0
    if (turns < OTHERS_TURN) return false
    turns = 0
    return true
  }
}

/**
 * One from each place, the places with the fewest wrong attempts first; every eighth turn is that of the next more. A client whose attempt
 * was wrong and that tries again at once comes after all clients that have not tried yet.
 */
function freshOnes<T>() {
  /** By how many of its attempts were wrong. */
  const ranks: SourcesInTurn<T>[] = []
  const isLatersTurn = everyEighth()
  const withSome = () => ranks.filter(rank => rank.size > 0)
  return {
    get size() {
      return ranks.reduce((sum, rank) => sum + rank.size, 0)
    },
    has: (place: string) => ranks.some(rank => rank.has(place)),
    add: ({ place, wrong }: { readonly place: string; readonly wrong: number }, one: T) => {
      while (ranks.length <= wrong) ranks.push(oneOfEachPlace())
      ranks[wrong]?.add(place, one)
    },
    next: (): T | undefined => {
      const [first, second] = withSome()
      return (isLatersTurn(second !== undefined) ? second : first)?.next()
    },
    /** Of the places with the most wrong attempts, the first to come. */
    giveWay: (): T | undefined => withSome().at(-1)?.next('oldest'),
  }
}

type SourcesInTurn<T> = ReturnType<typeof oneOfEachPlace<T>>

/**
 * The place that came last and the one that came first, in turn: a place that comes after a crowd is not behind all of it, and one that came
 * before it is not forgotten. In a queue that only grows, the last to come would never be served in time.
 */
function oneOfEachPlace<T>() {
  const byPlace = new Map<string, T>()
  /** In the order in which they came. */
  const places: string[] = []
  let end: 'newest' | 'oldest' = 'oldest'
  const take = (which: 'newest' | 'oldest'): T | undefined => {
    const place = which === 'newest' ? places.pop() : places.shift()
    if (place === undefined) return undefined
    const one = byPlace.get(place)
    byPlace.delete(place)
    return one
  }
  return {
    get size() {
      return byPlace.size
    },
    has: (place: string) => byPlace.has(place),
    add: (place: string, one: T) => {
      byPlace.set(place, one)
      places.push(place)
    },
    next: (which?: 'oldest'): T | undefined => {
      if (which) return take(which)
      end = end === 'newest' ? 'oldest' : 'newest'
      return take(end)
    },
  }
}

function longestOf(flows: Flows): WaitingStart[] {
  let longest: WaitingStart[] = []
  for (const flow of flows.values()) if (flow.length > longest.length) longest = flow
  return longest
}
