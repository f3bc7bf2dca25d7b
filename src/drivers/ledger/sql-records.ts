// Records of all kinds in SQL. Each change is one statement that changes nothing when the record is not what its writer has read.

import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { RecordRows } from '../../ports/records.ts'
import type { Commit } from './commit.ts'
import { parseBody } from './parse-row.ts'
import type { LedgerTables } from './tables.ts'

/** Where the revs of a record begin: by chance, so that one that was removed and made anew is not taken for what it was. */
const FIRST_REV = 2 ** 47

export const sqlRecords = (
  db: Kysely<LedgerTables>,
  commit: Pick<Commit, 'write'>,
): RecordRows => ({
  list: async kind =>
    (
      await db
        .selectFrom('records')
        .select(['id', 'rev', 'body'])
        .where('kind', '=', kind)
        .execute()
    ).map(row => ({ ...row })),
  get: async (kind, id) => {
    const row = await db
      .selectFrom('records')
      .select(['id', 'rev', 'body'])
      .where('kind', '=', kind)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) return undefined
    // The code that asks for one parses it, and could not say that the ledger is damaged.
    parseBody('records', row.id, row.body)
    return { ...row }
  },
  put: async ({ kind, id, body, expectedRev }) => {
    const rev = expectedRev === 0 ? randomInt(1, FIRST_REV) : expectedRev + 1
    const write =
      expectedRev === 0
        ? db
            .insertInto('records')
            .values({ kind, id, rev, body })
            .onConflict(c => c.columns(['kind', 'id']).doNothing())
        : db
            .updateTable('records')
            .set({ rev, body })
            .where('kind', '=', kind)
            .where('id', '=', id)
            .where('rev', '=', expectedRev)
    return (await commit.write([write.compile()])) === 1 ? rev : 'stale'
  },
  remove: async ({ kind, id, expectedRev }) => {
    const write = db
      .deleteFrom('records')
      .where('kind', '=', kind)
      .where('id', '=', id)
      .where('rev', '=', expectedRev)
    return (await commit.write([write.compile()])) === 1 ? 'removed' : 'stale'
  },
})
