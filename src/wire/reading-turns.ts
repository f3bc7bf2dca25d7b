// Messages that end at the same time are read one piece after the other, with a turn of the loop between two: however many there are,
// a client that is greeted or answered meanwhile waits for one piece of a reading, not for all of them.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Readings } from '../ports/readings.ts'
import { fairQueue } from './fair-queue.ts'

/** `room`: messages of strangers that wait, and of our own people. */
export function readingTurns({ room }: { readonly room?: number } = {}): Readings {
  const queue = fairQueue({ width: 1, ...(room === undefined ? {} : { room }) })
  return {
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
