// A milter is asked as often as it is listed, and each time counts. The policy service knows a question that it was asked before.

import { entriesIn } from './postfix-restrictions.ts'
import { finder } from './postfix-services.ts'
import type { WayCheck } from './postfix-way.ts'

export const listedTwice: WayCheck = ({ postfix, service, value, places }) => {
  const isOurs = finder(postfix)
  const setting = 'smtpd_milters'
  const ours = entriesIn(value(setting)).filter(word => isOurs(word, places.milter))
  if (ours.length < 2) return {}
  const where = service.overrides.has(setting) ? `master.cf, ${service.name}` : 'main.cf'
  const what = `${setting} names Cordon ${ours.length} times (${ours.join(', ')}): mail counts as often`
  return { missing: [{ what, write: `${where}: name it once in ${setting}` }] }
}
