// Records of kinds that are few: opt-outs, second factors, rollouts.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('records')
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('records_key', ['kind', 'id'])
    .execute()
}
