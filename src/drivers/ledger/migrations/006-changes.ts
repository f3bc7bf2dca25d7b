// What was saved of cases and decisions, numbered, for the code that acts on it (ports/changes.ts). `changes_kept` is one row: what tells
// this ledger from another, and the highest number that was forgotten.

import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { LedgerTables } from '../tables.ts'

export async function up(db: Kysely<LedgerTables>): Promise<void> {
  await db.schema
    .createTable('changes')
    .addColumn('n', 'integer', c => c.primaryKey().autoIncrement())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('changes_at').on('changes').column('at').execute()
  await db.schema
    .createTable('changes_kept')
    .addColumn('life', 'text', c => c.notNull())
    .addColumn('forgotten', 'integer', c => c.notNull())
    .execute()
  await db.insertInto('changes_kept').values({ life: randomUUID(), forgotten: 0 }).execute()
}
