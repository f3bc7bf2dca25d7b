// Orders are found by when they were given, by their actor, and which they were; leases are listed by when they began.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const index = (name: string, table: 'audit' | 'leases', columns: string[]) =>
    db.schema.createIndex(name).on(table).columns(columns).execute()
  await index('audit_at', 'audit', ['at'])
  await index('audit_actor', 'audit', ['actor', 'n'])
  await index('audit_order', 'audit', ['order_kind', 'n'])
  await index('leases_began', 'leases', ['from_at', 'realm', 'prefix', 'first_port', 'subscriber'])
}
