// How many judged steps are written down: all of them on any ordinary day, and of a flood so many a second as a disk can keep for
// a week. What is left out is the flooder's own: the first steps of every source have room of their own, and its first refusals more,
// because somebody will ask about them. What is left out is counted and told, so that a replay knows what it does not know.

import { MINUTE, SECOND } from '../../model/duration.ts'
import { sourceOf } from '../../model/ip.ts'

/** Eighty bytes each, compressed: a flood all week long would be 50 GB. */
const A_SECOND = 1000
/** Of one source, in a second. */
const FIRST = 20
/** Beyond `A_SECOND`, for the first of each source, and for refusals among them: a flood from thousands of addresses has an end, too. */
const ROOM_FOR_FIRST = 250
const ROOM_FOR_REFUSALS = 750
/** Sources that are told from each other in one second; all others are one. */
const MAX_SOURCES = 5000

export type BudgetedStep = {
  readonly at: number
  readonly address: string
  /** Whoever logged in is known by that. */
  readonly login: string | undefined
  readonly refused: boolean
}

/** The source of which the most was left out, with how much of it; neither for one of very many. */
export type LeftOut = {
  readonly left: number
  readonly address?: string
  readonly login?: string
  readonly ofMost: number
}

/** Whether this one is written down. `tell` hears what was left out once its second is over, and then once a minute. */
export function stepBudget(
  tell: (left: LeftOut, at: number) => void,
): (step: BudgetedStep) => boolean {
  let [second, taken, told] = [0, 0, Number.NEGATIVE_INFINITY]
  const steps = new Map<string, number>()
  const lost = new Map<string, number>()
  const begin = (now: number, at: number) => {
    ;[second, taken] = [now, 0]
    steps.clear()
    if (lost.size === 0 || at - told < MINUTE) return
    told = at
    tell(summed(lost), at)
    lost.clear()
  }
  return ({ at, address, login, refused }) => {
    const source = login === undefined ? `address ${sourceOf(address)}` : `login ${login}`
    const now = Math.floor(at / SECOND)
    if (now !== second) begin(now, at)
    const count = bump(steps, source)
    const more = refused ? ROOM_FOR_REFUSALS : ROOM_FOR_FIRST
    if (taken < A_SECOND + (count <= FIRST ? more : 0)) {
      taken++
      return true
    }
    bump(lost, source)
    return false
  }
}

function bump(counts: Map<string, number>, source: string): number {
  const key = counts.has(source) || counts.size < MAX_SOURCES ? source : ''
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}

function summed(lost: ReadonlyMap<string, number>): LeftOut {
  let [left, most, ofMost] = [0, '', 0]
  for (const [source, count] of lost) {
    left += count
    if (count > ofMost) [most, ofMost] = [source, count]
  }
  const space = most.indexOf(' ')
  return { left, ...(space < 0 ? {} : { [most.slice(0, space)]: most.slice(space + 1) }), ofMost }
}
