// FreeRADIUS: accounting of access servers can be copied to Cordon from there.

import { absent, type Finder, unread } from '../finding.ts'
import { tryRead } from '../machine.ts'

/** Debian's, Red Hat's, and the one of its own packages. */
const FOLDERS = ['/etc/freeradius/3.0', '/etc/raddb', '/etc/freeradius']

export const freeRadius: Finder = {
  what: 'FreeRADIUS',
  find: async machine => {
    for (const folder of FOLDERS) {
      const names = tryRead(() => machine.list(folder))
      if (names === undefined) continue
      if ('why' in names) return unread(`${folder}: ${names.why}`)
      return { state: 'found', said: `configured in ${folder}`, facts: { freeRadius: true } }
    }
    return absent(`none of ${FOLDERS.join(', ')} is there`)
  },
}
