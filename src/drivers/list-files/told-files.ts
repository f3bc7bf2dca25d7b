// Files of the list that cannot be written: those who serve them go on with an old list, and see nothing. So the operator is told.

import { HOUR } from '../../model/duration.ts'
import { wordsOf } from '../../model/errors.ts'
import type { EventOf } from '../../model/event.ts'
import type { ListFiles } from './list-files.ts'

/** What lasts is said again, or it would count as over. */
const AGAIN = HOUR / 2

type Raised = Pick<EventOf<'alarm-raised'>, 'kind' | 'alarm' | 'about' | 'words' | 'at'>

export function toldFiles(
  files: ListFiles,
  folder: string,
  report: (alarm: Raised) => void,
): ListFiles {
  let failures = 0
  let told: number | undefined
  const tell = (error: unknown, at: number) => {
    // The next attempt may do: a disk that is full for some seconds is no trouble.
    if (++failures < 2 || (told !== undefined && Math.abs(at - told) < AGAIN)) return
    told = at
    const words = `The files of the list in ${folder} cannot be written, and who serves them has an old list: ${wordsOf(error)}`
    report({ kind: 'alarm-raised', alarm: 'list-files', about: folder, words, at })
  }
  return {
    write: async at => {
      try {
        await files.write(at)
        failures = 0
        told = undefined
      } catch (error) {
        tell(error, at)
        throw error
      }
    },
  }
}
