// Letters about cases, in SQL.

import type { Kysely } from 'kysely'
import type { NoticeRow, Notices } from '../../ports/notices.ts'
import type { Commit } from './commit.ts'
import { noticeWrites } from './ledger-writes.ts'
import { parseRow } from './parse-row.ts'
import type { LedgerTables } from './tables.ts'

export const sqlNotices = (db: Kysely<LedgerTables>, commit: Pick<Commit, 'write'>): Notices => ({
  notices: async incident => {
    const rows = await db
      .selectFrom('notices')
      .select(['id', 'body'])
      .where('incident', '=', incident)
      .orderBy('at')
      .execute()
    return rows.map(parseRow<NoticeRow>('notices'))
  },
  addNotices: async notices => void (await commit.write([...noticeWrites(db, notices)])),
})
