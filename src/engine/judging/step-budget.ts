// How many judged steps are written down: all of them on any ordinary day, and of a flood so many a second as a disk can keep for
// a week. What is left out is the flooder's own: the first steps of every source have room of their own, and its first refusals more,
// because senders will ask about them. What is left out is counted and told, so that a replay knows what it does not know.

import { MINUTE, SECOND } from '../../model/duration.ts'
import { sourceOf } from '../../model/ip.ts'

/** Eighty bytes each, compressed: a flood all week long would be 50 GB. */
const A_SECOND = 1000
/** Of one source, in a second, once it is a flood: until then no source is counted. */
const FIRST = 20
/** Beyond `A_SECOND`, for the first of each source, and for refusals among them: a flood from thousands of addresses has an end, too. */
const ROOM_FOR_FIRST = 250
const ROOM_FOR_REFUSALS = 750
/** Of the steps left out, one in so many is counted for its source: a flood must not cost more by being counted. */
const LOOKED_AT = 8
/** Sources that are told from each other in one second; all others are one. */
const MAX_SOURCES = 5000

export type BudgetedStep = {
  readonly at: number
  readonly address: string
  /** A client that logged in is known by its login. */
  readonly login: string | undefined
  readonly refused: boolean
}

/** The source of which the most was left out, and about how much that was; neither for one of very many. */
export type StepsLeftOut = {
  /** Exactly. */
  readonly left: number
  readonly address?: string
  readonly login?: string
  readonly ofMost: number
}

/** Whether this one is written down. `tell` hears what was left out once its second is over, and then once a minute. */
export function stepBudget(
  tell: (left: StepsLeftOut, at: number) => void,
): (step: BudgetedStep) => boolean {
  let [second, taken, told] = [0, 0, Number.NEGATIVE_INFINITY]
  const steps = new Map<string, number>()
  const lost = new Map<string, number>()
  let left = 0
  const begin = (now: number, at: number) => {
    ;[second, taken] = [now, 0]
    steps.clear()
    if (left === 0 || at - told < MINUTE) return
    told = at
    tell({ left, ...most(lost, left) }, at)
    lost.clear()
    left = 0
  }
  return ({ at, address, login, refused }) => {
    const now = Math.floor(at / SECOND)
    if (now !== second) begin(now, at)
    if (taken < A_SECOND) {
      taken++
      return true
    }
    if (taken < A_SECOND + (refused ? ROOM_FOR_REFUSALS : ROOM_FOR_FIRST)) {
      if (bump(steps, sourceWord(address, login)) <= FIRST) {
        taken++
        return true
      }
    }
    if (left++ % LOOKED_AT === 0) bump(lost, sourceWord(address, login))
    return false
  }
}

const sourceWord = (address: string, login: string | undefined): string =>
  login === undefined ? `address ${sourceOf(address)}` : `login ${login}`

function bump(counts: Map<string, number>, source: string): number {
  const key = counts.has(source) || counts.size < MAX_SOURCES ? source : ''
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}

function most(lost: ReadonlyMap<string, number>, left: number): Omit<StepsLeftOut, 'left'> {
  let [source, looked] = ['', 0]
  for (const [one, count] of lost) if (count > looked) [source, looked] = [one, count]
  const ofMost = Math.min(left, looked * LOOKED_AT)
  const space = source.indexOf(' ')
  return space < 0 ? { ofMost } : { [source.slice(0, space)]: source.slice(space + 1), ofMost }
}
