// Limits how many costly things run at once; the others wait, fairly: clients at home go first, then one from each source in turn. So a
// thousand from one source keep another source waiting for no more than one of them. Strangers who guess have an order of their own.

import type { Turn } from '../ports/credentials.ts'
import { strangersInTurn } from './strangers-in-turn.ts'

/** `full`: it was not started, because too many wait. */
export type Waited<T> = { readonly done: T } | 'full'

export type FairQueue = {
  /** Rejects as the work does. */
  run<T>(turn: Turn, work: () => Promise<T>): Promise<Waited<T>>
}

type WaitingStart = {
  readonly turn: Turn
  /** `ended`: told when it is done. */
  readonly start: (ended?: () => void) => void
  readonly refuse: () => void
}

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
  const strangers = strangersInTurn<WaitingStart>()
  let running = 0
  const isOthersTurn = everyEighth()

  const enter = (one: WaitingStart) => {
    const { lane, from, stranger } = one.turn
    if (stranger !== undefined) {
      strangers.add(from, stranger, one)
      if (strangers.size > room) strangers.giveWay()?.refuse()
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
  const startOther = () => {
    const stranger = strangers.next()
    if (stranger) stranger.what.start(stranger.end)
    else nextOf('rest')?.start()
  }
  const pump = () => {
    while (running < width) {
      const others = strangers.size + waiting.rest
      if (waiting.first + others === 0) return
      running++
      const isTurn = isOthersTurn({ bothWait: waiting.first > 0 && others > 0 })
      if (waiting.first === 0 || isTurn) startOther()
      else nextOf('first')?.start()
    }
  }
  /** It has its place already. */
  const runNow = async <T>(work: () => Promise<T>, ended?: () => void): Promise<Waited<T>> => {
    try {
      return { done: await work() }
    } finally {
      running--
      // The caller counts it as wrong before the next turn of the loop; until then it counts as running.
      if (ended) setImmediate(ended)
      pump()
    }
  }
  return {
    run: (turn, work) => {
      // Where there is a place none waits. A stranger is counted among the strangers while it runs.
      if (running < width && turn.stranger === undefined) {
        running++
        isOthersTurn({ bothWait: false })
        return runNow(work)
      }
      return new Promise((resolve, reject) => {
        const start: WaitingStart['start'] = ended => void runNow(work, ended).then(resolve, reject)
        enter({ turn, start, refuse: () => resolve('full') })
        pump()
      })
    },
  }
}

/** Says when it is the other one's turn, told each time whether both wait. */
function everyEighth(): (now: { readonly bothWait: boolean }) => boolean {
  let turns = 0
  return ({ bothWait }) => {
    turns = bothWait ? turns + 1 : 0
    if (turns < OTHERS_TURN) return false
    turns = 0
    return true
  }
}

function longestOf(flows: Flows): WaitingStart[] {
  let longest: WaitingStart[] = []
  for (const flow of flows.values()) if (flow.length > longest.length) longest = flow
  return longest
}
