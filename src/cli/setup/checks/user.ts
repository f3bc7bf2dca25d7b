// Whether the user is there as whom the unit runs.

import { FOLDER_OF_THE_UNIT } from '../../usual-places.ts'
import type { Check } from '../../check.ts'
import type { Facts } from '../finding.ts'

const ADD = `adduser --system --group --no-create-home --home ${FOLDER_OF_THE_UNIT} cordon`

export function userChecked({ hasUser }: Facts): Check {
  const what = 'user cordon'
  if (hasUser === undefined) return { what, state: 'unknown', said: '/etc/passwd cannot be read' }
  return hasUser
    ? { what, state: 'good', said: 'is there' }
    : { what, state: 'missing', said: 'is not there', write: ADD, must: true }
}
