// Messages that end at the same time are read one piece after the other. When the pieces of one turn of the loop have taken their time, the
// next one waits for another turn: however many there are, a client that is greeted or answered meanwhile waits for that time and one
// piece, not for all of them. Headers are looked at as they come in: at once, until those of all messages have had their share of a turn.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Readings, ReadingTurn } from '../ports/readings.ts'
import { fairQueue } from './fair-queue.ts'

/** Bytes of all headers in one turn of the loop, and of those that waited for it: 20 million steps at most, all together. */
export const HEADERS_IN_ONE_TURN = 512 * 1024
const PIECES_THAT_WAITED = 16
/** Milliseconds of reading in one turn of the loop, before another piece is begun: a dozen ordinary messages. */
export const READING_IN_ONE_TURN = 2

export type ReadingParts = {
  /** Messages of strangers that wait, and of our own people; fair-queue.ts has the default. */
  readonly room?: number
  /** Milliseconds of a clock that never goes back. */
  readonly steady?: () => number
}

export function readingTurns(parts: ReadingParts = {}): Readings {
  const { room, steady = () => performance.now() } = parts
  const queue = fairQueue({ width: 1, ...(room === undefined ? {} : { room }) })
  // A message waits here once at most, and its connection is not read meanwhile.
  const headers = fairQueue({ width: PIECES_THAT_WAITED, room: Number.POSITIVE_INFINITY })
  let spent = 0
  const spend = (bytes: number) => {
    if (spent === 0)
      setImmediate(() => {
        spent = 0
      })
    spent += bytes
  }
  /** Of this turn of the loop. */
  let read = 0
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = steady()
    try {
      return await work()
    } finally {
      if (read === 0)
        setImmediate(() => {
          read = 0
        })
      // More than nothing, whatever the clock says.
      read += Math.max(steady() - began, 0.001)
      if (read >= READING_IN_ONE_TURN) await nextTurn()
    }
  }
  const inQueue = async <T>(turn: ReadingTurn, work: () => Promise<T>): Promise<T> => {
    const waited = await queue.run(turn, work)
    if (waited === 'full') throw new Error('too many messages wait to be read')
    return waited.done
  }
  return {
    header: (bytes, turn) => {
      if (spent >= HEADERS_IN_ONE_TURN)
        return headers.run(turn(), async () => {
          await nextTurn()
          spend(bytes)
        })
      spend(bytes)
      return undefined
    },
    run: (turn, work) => inQueue(turn, () => reading(work)),
    begin: async (turn, work) => {
      const { begun } = await inQueue(turn, async () => {
        if (read > 0) await nextTurn()
        const answer = work()
        // Heard by who asked, a turn later.
        answer.catch(() => {})
        await nextTurn()
        return { begun: answer }
      })
      return begun
    },
  }
}
