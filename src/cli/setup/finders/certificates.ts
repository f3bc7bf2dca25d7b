// Certificates where certbot keeps them.

import { absent, type Finder, unread } from '../finding.ts'
import { tryRead } from '../machine.ts'

const LIVE = '/etc/letsencrypt/live'

export const certificates: Finder = {
  what: 'certbot',
  find: async machine => {
    const names = tryRead(() => machine.list(LIVE))
    if (names === undefined) return absent(`there is no ${LIVE}`)
    if ('why' in names) return unread(`${LIVE}: ${names.why}`)
    const folders = names.is.filter(name => name !== 'README').toSorted()
    if (folders.length === 0) return absent(`${LIVE} is empty`)
    const found = folders.map(name => ({
      key: `${LIVE}/${name}/privkey.pem`,
      chain: `${LIVE}/${name}/fullchain.pem`,
    }))
    return {
      state: 'found',
      said: `certificates: ${folders.join(', ')}`,
      facts: { certificates: found },
    }
  },
}
