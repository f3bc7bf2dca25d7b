// Whether the user is there as whom the unit runs.

import { dirname } from 'node:path'
import { FOLDER_OF_THE_UNIT } from '../../usual-places.ts'
import type { Check } from '../../check.ts'
import type { Facts } from '../finding.ts'

const ADD = `adduser --system --group --no-create-home --home ${FOLDER_OF_THE_UNIT} cordon`

/** `file`: the configuration, which the group could not be given before it is there. */
export function userChecked({ hasUser }: Facts, file: string): Check {
  const what = 'user cordon'
  if (hasUser === undefined) return { what, state: 'unknown', said: '/etc/passwd cannot be read' }
  return hasUser
    ? { what, state: 'good', said: 'is there' }
    : {
        what,
        state: 'missing',
        said: 'is not there',
        write: `${ADD}; chgrp cordon ${dirname(file)} ${file}`,
        must: true,
      }
}
