// Leases in SQL.

import { type Kysely, sql } from 'kysely'
import { HOUR } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import { type LeaseRows, MAX_HOLDERS } from '../../ports/lease-rows.ts'
import type { Commit } from './commit.ts'
import { forgetting, leaseWrites } from './ledger-writes.ts'
import { parseRow } from './parse-row.ts'
import type { LedgerTables } from './tables.ts'

/** What tells one from another, in the order in which they are listed. */
const LISTED_BY = ['from_at', 'realm', 'prefix', 'first_port', 'subscriber', 'session'] as const
/** Past leases that are forgotten in one go. */
const FORGOTTEN_AT_ONCE = 5000

export const sqlLeaseRows = (
  db: Kysely<LedgerTables>,
  commit: Pick<Commit, 'write'>,
): LeaseRows => ({
  leases: async endedAfter => {
    const rows = await db
      .selectFrom('leases')
      .select('body')
      .where(e => e.or([e('to_at', 'is', null), e('to_at', '>', endedAfter)]))
      .orderBy('from_at')
      .execute()
    return rows.map(parseRow<Lease>('leases'))
  },
  putLeases: async all => {
    if (all.length > 0) await commit.write([...leaseWrites(db, all)])
  },
  holders: async (realm, prefixes, at) => {
    const rows = await db
      .selectFrom('leases')
      .select('body')
      .where('realm', '=', realm)
      .where('prefix', 'in', prefixes)
      .where('from_at', '<=', at + HOUR)
      .where(e => e.or([e('to_at', 'is', null), e('to_at', '>', at - HOUR)]))
      .orderBy('from_at', 'desc')
      .limit(MAX_HOLDERS + 1)
      .execute()
    return rows.map(parseRow<Lease>('leases'))
  },
  listLeases: async ({ of, limit, after }) => {
    let query = db.selectFrom('leases').select('body')
    if (of) query = query.where('realm', '=', of.realm).where('prefix', 'in', of.prefixes)
    if (after) {
      const { from, realm, prefix, firstPort, subscriber, session } = after
      query = query.where(
        sql<boolean>`(from_at, realm, prefix, first_port, subscriber, session)
          < (${from}, ${realm}, ${prefix}, ${firstPort}, ${subscriber}, ${session})`,
      )
    }
    for (const column of LISTED_BY) query = query.orderBy(column, 'desc')
    return (await query.limit(limit).execute()).map(parseRow<Lease>('leases'))
  },
  forgetLeases: async before => {
    const rows = await db
      .selectFrom('leases')
      .select(LISTED_BY)
      .where('to_at', '<', before)
      .limit(FORGOTTEN_AT_ONCE)
      .execute()
    if (rows.length > 0) await commit.write([...forgetting(db, rows)])
    return rows.length
  },
})
