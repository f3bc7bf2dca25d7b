// The disk of the data folder is nearly full: told while there is still room to write it down.

import { isNearlyFull } from '../../../../model/disk-room.ts'
import { MINUTE } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

const MEGABYTE = 1024 ** 2

export const disk: Condition<Pick<ConditionSources, 'room'>> = {
  name: 'disk',
  quietFor: 10 * MINUTE,
  look: async ({ room }) => {
    const { free, all } = await room()
    if (!isNearlyFull(free, all)) return []
    return [
      {
        about: 'data folder',
        words: `The disk of the data folder is nearly full: ${Math.floor(free / MEGABYTE)} MiB of ${Math.floor(all / MEGABYTE)} MiB are free. When it is full, mail is answered with a temporary failure.`,
        undo: 'df -h; cordon queue',
      },
    ]
  },
}
