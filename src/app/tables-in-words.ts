// What a changed configuration asks of a person at the routers with a table of their own: Cordon fills its sets, and loads no table.

import type { Config } from '../config/schema.ts'
import { baseTable } from '../drivers/network/nftables/base-table.ts'

/** A line for each router whose table would be another one, or that would be none of Cordon's any more. */
export function tablesInWords(before: Config, next: Config): readonly string[] {
  return before.nftables.flatMap(router => {
    const { name } = router
    const then = next.nftables.find(one => one.name === name)
    if (!then)
      return [
        `After a restart Cordon changes nothing at ${name} any more: lines stay there as they are until they end by themselves, or "nft delete table inet cordon" opens all of them.`,
      ]
    if (baseTable(router) === baseTable(then)) return []
    return [
      `The table of ${name} would be another one: print it (cordon router table) and load it there; until then the old one closes what it closes now.`,
    ]
  })
}
