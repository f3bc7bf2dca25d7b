// A writer of a record says which revision it has read.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('records')
    .addColumn('rev', 'integer', c => c.notNull().defaultTo(1))
    .execute()
}
