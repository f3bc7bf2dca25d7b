// Cases, decisions, evidence, changes, orders and records in today's words (model/former-words.ts).

import type { Kysely } from 'kysely'
import { FORMER_ORDERS, inTodaysWords } from '../../../model/former-words.ts'
import type { LedgerTables } from '../tables.ts'

/** Rows in memory at once. */
const PAGE = 1000

export async function up(db: Kysely<LedgerTables>): Promise<void> {
  for (const table of ['incidents', 'decisions', 'evidence', 'changes', 'records'] as const)
    await rewrite(db, table, 'body')
  // The order as it was given; its outcome is a sentence, and stays.
  await rewrite(db, 'audit', 'target')
  for (const [before, order_kind] of Object.entries(FORMER_ORDERS))
    await db.updateTable('audit').set({ order_kind }).where('order_kind', '=', before).execute()
}

async function rewrite(
  db: Kysely<LedgerTables>,
  table: keyof LedgerTables,
  column: 'body' | 'target',
): Promise<void> {
  // One query for every table: each row has its number.
  const rows = (db as unknown as Kysely<Numbered>).withTables<Numbered>()
  let after = -1
  for (;;) {
    const page = await rows
      .selectFrom(table as 'any')
      .select(['rowid as row', `${column} as json` as 'json'])
      .where('rowid', '>', after)
      .orderBy('rowid')
      .limit(PAGE)
      .execute()
    for (const { row, json } of page) {
      const today = inTodaysWords(json)
      if (today !== json)
        await rows
          .updateTable(table as 'any')
          .set({ [column]: today })
          .where('rowid', '=', row)
          .execute()
    }
    const last = page.at(-1)
    if (!last) return
    after = last.row
  }
}

type Numbered = { any: { rowid: number; json: string } }
