// nftables, by which a router of Linux closes port 25 of a line. Only whether the program is there: no rule is read.

import { absent, type Finder, unread } from '../finding.ts'

export const nft: Finder = {
  what: 'nftables',
  find: async machine => {
    const ran = await machine.run('nft', ['--version'])
    if ('missing' in ran) return absent('there is no nft')
    if ('why' in ran) return unread(`nft --version says: ${ran.why}`)
    return { state: 'found', said: ran.text.trim(), facts: { nft: true } }
  },
}
