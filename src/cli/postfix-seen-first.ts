// Another milter in front of ours: results that it writes in the name of this server are taken out.

import { entriesIn } from './postfix-restrictions.ts'
import { finder } from './postfix-services.ts'
import type { WayCheck } from './postfix-way.ts'

export const seenFirst: WayCheck = ({ postfix, value, places }) => {
  const isOurs = finder(postfix)
  const milters = entriesIn(value('smtpd_milters'))
  const at = milters.findIndex(word => isOurs(word, places.milter))
  const before = milters.slice(0, Math.max(0, at)).filter(one => /^(?:inet|unix|local):/.test(one))
  if (before.length === 0) return {}
  const notes = [
    `${before.join(', ')} sees mail first: results that it writes in the name of this server are taken out; give it an AuthservID of its own`,
  ]
  return { notes }
}
