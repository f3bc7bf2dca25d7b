// The user `cordon`, as whom the unit runs.

import { absent, type Finder, unread } from '../finding.ts'
import { tryRead } from '../machine.ts'

const USER = 'cordon'

export const cordonUser: Finder = {
  what: `user ${USER}`,
  find: async machine => {
    const rows = tryRead(() => machine.read('/etc/passwd'))
    if (rows === undefined || 'why' in rows) return unread('/etc/passwd cannot be read')
    const hasUser = rows.is.split('\n').some(row => row.startsWith(`${USER}:`))
    return hasUser
      ? { state: 'found', said: 'is there', facts: { hasUser } }
      : { ...absent('is not there'), facts: { hasUser } }
  },
}
