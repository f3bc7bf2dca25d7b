// Lets so many do something costly at once and has the others wait, fairly: who is at home goes first, then one from each source in
// turn, so that a thousand from one place keep nobody else waiting for more than one of them.

import type { Turn } from '../ports/credentials.ts'

/** `full`: it was not started, because too many wait. */
export type Waited<T> = { readonly done: T } | 'full'

export type FairQueue = {
  /** Rejects as the work does. */
  run<T>(turn: Turn, work: () => Promise<T>): Promise<Waited<T>>
}

type Waiting = { readonly turn: Turn; readonly start: () => void; readonly refuse: () => void }

/** Those that wait from one source, the oldest first; sources in the order of their turns. */
type Flows = Map<string, Waiting[]>

/** A lane has so many waiting: at forty milliseconds each, one at a time, twenty seconds. Few mail programs wait longer. */
const ROOM = 500
/** Where both lanes have somebody waiting, one turn in so many is the other one's: strangers wait long, not for ever. */
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
  let running = 0
  let turns = 0

  const enter = (one: Waiting) => {
    const { lane, from } = one.turn
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
  const nextOf = (lane: Turn['lane']): Waiting | undefined => {
    const [from, flow] = lanes[lane].entries().next().value ?? ['', []]
    const one = flow.shift()
    if (!one) return undefined
    waiting[lane]--
    lanes[lane].delete(from)
    // Behind all others.
    if (flow.length > 0) lanes[lane].set(from, flow)
    return one
  }
  const next = () => {
    if (waiting.first > 0 && waiting.rest > 0) turns++
    else turns = 0
    return turns === OTHERS_TURN
      ? ((turns = 0), nextOf('rest'))
      : (nextOf('first') ?? nextOf('rest'))
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

function longestOf(flows: Flows): Waiting[] {
  let longest: Waiting[] = []
  for (const flow of flows.values()) if (flow.length > longest.length) longest = flow
  return longest
}
