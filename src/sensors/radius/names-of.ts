// The subscriber of a user name, by the operator's table where there is one.

import type { SensorParts } from '../../wire/sensor.ts'
import { CustomerTable, refusedTable } from '../../wire/customer-table.ts'
import { wordsOf } from '../../model/errors.ts'
import { subscriberOf } from './user-names.ts'

/** ms between two checks whether the operator's table has changed. */
const REFRESH = 1000

/**
 * Until the table has been read for the first time every name is unknown: without it a user name may be the number of another customer. What
 * keeps it from being read is told when it changes. `changed` is called when another table is in force.
 */
export function namesOf(
  {
    customers,
    stripRealms,
  }: { readonly customers?: string | undefined; readonly stripRealms: readonly string[] },
  { subscribers, trouble }: Pick<SensorParts, 'subscribers' | 'trouble'>,
  changed: () => void = () => undefined,
) {
  const table = customers === undefined ? undefined : new CustomerTable(customers)
  let told = ''
  const refresh = () => {
    try {
      if (!table?.refresh()) return
      told = ''
      changed()
    } catch (error) {
      const words = wordsOf(error)
      if (words !== told) trouble(error, 'the table of customers of RADIUS accounting')
      told = words
    }
  }
  refresh()
  const timer = table && setInterval(refresh, REFRESH)
  timer?.unref()
  const realms = stripRealms.map(realm => realm.toLowerCase())
  const parts = { subscribers, mapped: (name: string) => table?.get(name), stripRealms: realms }
  return {
    subscriberOf: (name: string) =>
      table?.isRead === false ? undefined : subscriberOf(name, parts),
    refresh,
    /** A table says whose a name is, and was read. */
    isByTable: table?.isRead === true,
    /** The table as it is now is not in force. */
    worries: () => refusedTable(customers, table),
    close: () => clearInterval(timer),
  }
}
