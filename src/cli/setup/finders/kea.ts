// Lease files of Kea, which say who had which address.

import { absent, type Finder, unread } from '../finding.ts'
import { tryRead } from '../machine.ts'

/** Kea's own default, and Debian's. */
const FOLDER = '/var/lib/kea'
/** Not those that Kea is just cleaning (`.1`, `.2`, `.completed`). */
const LEASES = /^kea-leases[46]\.csv$/

export const kea: Finder = {
  what: 'Kea',
  find: async machine => {
    const names = tryRead(() => machine.list(FOLDER))
    if (names === undefined) return absent(`there is no ${FOLDER}`)
    if ('why' in names) return unread(`${FOLDER}: ${names.why}`)
    const files = names.is
      .filter(name => LEASES.test(name))
      .toSorted()
      .map(name => `${FOLDER}/${name}`)
    if (files.length === 0) return absent(`there is no lease file in ${FOLDER}`)
    return { state: 'found', said: `lease files: ${files.join(', ')}`, facts: { kea: files } }
  },
}
