// Commands that are sent without waiting for replies (pipelining) are dealt with a few at a time: of one connection, and of all together in
// one turn of the loop. The rest of them wait in a fair queue: customers that are logged in go first, then one connection of each source in
// turn. So a thousand connections with a thousand commands each make other clients wait for one round of a few hundred at most.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Turn } from '../ports/credentials.ts'
import { fairQueue } from './fair-queue.ts'

/** Commands of one connection in one turn of the loop. A message takes four to six, so that few clients ever wait for a turn. */
export const IN_ONE_TURN = 32
/** Commands of all connections in one turn of the loop, some 25 ms of work; each connection may be a little over, with one command. */
export const OF_ALL = 256

export type CommandTurns = {
  /** For one connection. Call what it gives after each command behind which more wait; what that gives, if anything, is to be waited for. */
  of(turn: () => Turn): () => Promise<unknown> | undefined
}

/** One for all connections of a thread. */
export function commandTurns(): CommandTurns {
  // A connection waits here once at most: there is no more in it than there are connections.
  const queue = fairQueue({ width: OF_ALL / IN_ONE_TURN, room: Number.POSITIVE_INFINITY })
  let spent = 0
  const isSpent = () => {
    if (spent === 0)
      setImmediate(() => {
        spent = 0
      })
    return ++spent > OF_ALL
  }
  return {
    of: turn => {
      let inRow = 0
      return () => {
        inRow++
        if (!isSpent() && inRow < IN_ONE_TURN) return undefined
        inRow = 0
        return queue.run(turn(), () => nextTurn())
      }
    },
  }
}
