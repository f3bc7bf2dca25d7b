// Messages that end at the same time are read one piece after the other, with a turn of the loop between two: however many there are,
// a client that is greeted or answered meanwhile waits for one piece of a reading, not for all of them. Headers are looked at as they come
// in: at once, until those of all messages have had their share of a turn of the loop.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Readings } from '../ports/readings.ts'
import { fairQueue } from './fair-queue.ts'

/** Bytes of all headers in one turn of the loop, and of those that waited for it: 20 million steps at most, all together. */
export const HEADERS_IN_ONE_TURN = 512 * 1024
const PIECES_THAT_WAITED = 16

/** `room`: messages of strangers that wait, and of our own people. */
export function readingTurns({ room }: { readonly room?: number } = {}): Readings {
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
    run: async (turn, work) => {
      const waited = await queue.run(turn, async () => {
        try {
          return await work()
        } finally {
          await nextTurn()
        }
      })
      if (waited === 'full') throw new Error('too many messages wait to be read')
      return waited.done
    },
  }
}
