// The disk of the data folder is nearly full: told while there is still room to write it down.

import { MINUTE } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

/** Less than one part in so many is free … */
const ONE_IN = 20
/** … and less than so many bytes: of a large disk one part in twenty is much. */
const LITTLE = 5 * 1024 ** 3
const MEGABYTE = 1024 ** 2

export const disk: Condition<Pick<ConditionSources, 'room'>> = {
  name: 'disk',
  quietFor: 10 * MINUTE,
  look: async ({ room }) => {
    const { free, all } = await room()
    if (free >= LITTLE || free * ONE_IN >= all) return []
    return [
      {
        about: 'data folder',
        words: `The disk of the data folder is nearly full: ${Math.floor(free / MEGABYTE)} MiB of ${Math.floor(all / MEGABYTE)} MiB are free. When it is full, mail is answered with a temporary failure.`,
        undo: 'df -h; cordon queue',
      },
    ]
  },
}
