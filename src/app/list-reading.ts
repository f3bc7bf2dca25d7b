// Our own list as staff look at it.

import type { PublishedList } from '../engine/network/published-list.ts'
import { parsePrefix } from '../model/ip.ts'
import type { ListedNow } from '../model/listed-now.ts'
import { NoSuchPlace } from '../model/page.ts'
import type { ListReading } from '../ports/reading.ts'

export function listReading(list: PublishedList): ListReading {
  return {
    page: ({ limit, after }) => {
      // Each page sorts anew: what came or left meanwhile does not move the others.
      const rows = Array.from(list.snapshot().entries(), row => ({ row, key: keyOf(row) }))
      rows.sort((a, b) => (a.key < b.key ? -1 : 1))
      const from = after === undefined ? 0 : rows.findIndex(({ key }) => key > placeOf(after))
      const shown = from < 0 ? [] : rows.slice(from, from + limit)
      const last = shown.at(-1)
      const more = from >= 0 && from + limit < rows.length
      return {
        rows: shown.map(({ row }) => row),
        total: rows.length,
        ...(more && last ? { next: last.row.prefix } : {}),
      }
    },
    check: address => list.check(address),
  }
}

/** IPv4 before IPv6, then by number. */
function keyOf({ prefix }: Pick<ListedNow, 'prefix'>): string {
  const parsed = parsePrefix(prefix)
  if (!parsed) throw new NoSuchPlace()
  return `${parsed.family}${parsed.value.toString(16).padStart(32, '0')}/${parsed.bits}`
}

const placeOf = (after: string) => keyOf({ prefix: after })
