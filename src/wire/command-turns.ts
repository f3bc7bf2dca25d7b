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

const PLACES = OF_ALL / IN_ONE_TURN
/** The same in a turn after which more clients may wait to be greeted: of these the loop accepts one a turn, of each port. */
export const BESIDE_A_GREETING = OF_ALL / 8

export type CommandTurns = {
  /** A client was accepted. */
  readonly greeted: () => void
  /** For one connection. Call what it gives after each command behind which more wait; what that gives, if anything, is to be waited for. */
  of(turn: () => Turn): () => Promise<unknown> | undefined
}

/** One for all connections of a thread. */
export function commandTurns(): CommandTurns {
  // A connection waits here once at most: there is no more in it than there are connections.
  const queue = fairQueue({ width: PLACES, room: Number.POSITIVE_INFINITY })
  let spent = 0
  /** Clients accepted in this turn or the one before. */
  let greetings = 0
  const isGreeting = () => greetings > 0
  const isSpent = () => {
    if (spent === 0)
      setImmediate(() => {
        spent = 0
      })
    return ++spent > (isGreeting() ? BESIDE_A_GREETING : OF_ALL)
  }
  /** While clients are greeted, places are given back a few at a time: one in a turn, not all. */
  const itsTurn = async () => {
    await nextTurn()
    for (let waited = 1; isGreeting() && waited < PLACES; waited++) await nextTurn()
  }
  return {
    greeted: () => {
      greetings++
      // A turn longer, so that there is no gap until the next one is accepted.
      setImmediate(() => setImmediate(() => greetings--))
    },
    of: turn => {
      let inRow = 0
      return () => {
        inRow++
        if (!isSpent() && inRow < IN_ONE_TURN) return undefined
        inRow = 0
        return queue.run(turn(), itsTurn)
      }
    },
  }
}
