// How many judged steps are written down: all of them on any ordinary day, and of a flood so many a second as a disk can keep for
// a week. What is left out is counted and told, so that a replay knows what it does not know.

import { SECOND } from '../../model/duration.ts'

/** Eighty bytes each, compressed: a flood all week long would be 50 GB. */
const A_SECOND = 1000

/** Whether this one is written down. `left` is told how many were not, once their second is over. */
export function stepBudget(left: (count: number, at: number) => void): (at: number) => boolean {
  let [second, taken, lost] = [0, 0, 0]
  return at => {
    const now = Math.floor(at / SECOND)
    if (now !== second) {
      if (lost > 0) left(lost, at)
      ;[second, taken, lost] = [now, 0, 0]
    }
    if (taken < A_SECOND) {
      taken++
      return true
    }
    lost++
    return false
  }
}
