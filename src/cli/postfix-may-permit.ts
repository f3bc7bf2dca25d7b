// A table in front of the check: a client that gets OK or a permit from it is not asked about there. What is in it is not read.

import { tablesBefore } from './postfix-restrictions.ts'
import { AT_RCPT, finder } from './postfix-services.ts'
import type { WayCheck } from './postfix-way.ts'

export const mayPermit: WayCheck = ({ postfix, value, places }) => {
  const isOurs = finder(postfix)
  const notes = [...AT_RCPT, 'end_of_data'].flatMap(list => {
    const tables = tablesBefore(value(`smtpd_${list}_restrictions`), word =>
      isOurs(word, places.policy),
    )
    return tables.map(
      table =>
        `${table} stands in front of the check in smtpd_${list}_restrictions: clients with OK or a permit from it are not asked about there`,
    )
  })
  return { notes }
}
