// Dovecot, which checks passwords and keeps mailboxes for most mail servers.

import { absent, type Finder, unread } from '../finding.ts'

export const dovecot: Finder = {
  what: 'Dovecot',
  find: async machine => {
    const ran = await machine.run('dovecot', ['--version'])
    if ('missing' in ran) return absent('there is no dovecot')
    if ('why' in ran) return unread(`dovecot --version says: ${ran.why}`)
    return { state: 'found', said: ran.text.trim(), facts: { dovecot: true } }
  },
}
