// One connection does not have the loop to itself: after so many of its commands all others have a turn, however many it sent at once.

import { setImmediate as nextTurn } from 'node:timers/promises'

/** Commands of one connection in one turn of the loop. A message takes four to six, so that few clients ever wait for a turn. */
export const IN_ONE_TURN = 32

/** Call what this returns after each command, and wait for what that returns, if it does. */
export function fairTurns(): () => Promise<void> | undefined {
  let done = 0
  return () => {
    done++
    return done % IN_ONE_TURN === 0 ? nextTurn() : undefined
  }
}
