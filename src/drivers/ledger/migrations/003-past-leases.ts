// Past leases are forgotten by when they ended, and only the others are read at start.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('leases_ended').on('leases').column('to_at').execute()
}
