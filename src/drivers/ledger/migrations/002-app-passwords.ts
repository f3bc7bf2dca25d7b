// Passwords for single mail programs.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('app_passwords')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('login', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
}
