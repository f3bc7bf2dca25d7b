// A lease is one of a session: two sessions of one customer with the same address in the same second are two leases.

import { type Kysely, sql } from 'kysely'
import { mustBeJson } from '../must-be-json.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await mustBeJson(db, 'leases')
  await db.schema
    .createTable('leases_by_session')
    .addColumn('realm', 'text', c => c.notNull())
    .addColumn('prefix', 'text', c => c.notNull())
    .addColumn('first_port', 'integer', c => c.notNull())
    .addColumn('subscriber', 'text', c => c.notNull())
    .addColumn('from_at', 'integer', c => c.notNull())
    .addColumn('session', 'text', c => c.notNull())
    .addColumn('to_at', 'integer')
    .addColumn('body', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('lease_session_key', [
      'realm',
      'prefix',
      'first_port',
      'subscriber',
      'from_at',
      'session',
    ])
    .execute()
  await sql`
    INSERT INTO leases_by_session
    SELECT realm, prefix, first_port, subscriber, from_at,
      coalesce(json_extract(body, '$.session.nas') || ' ' || json_extract(body, '$.session.id'), ''),
      to_at, body
    FROM leases`.execute(db)
  await db.schema.dropTable('leases').execute()
  await db.schema.alterTable('leases_by_session').renameTo('leases').execute()
  await db.schema.createIndex('leases_ended').on('leases').column('to_at').execute()
  await db.schema
    .createIndex('leases_began')
    .on('leases')
    .columns(['from_at', 'realm', 'prefix', 'first_port', 'subscriber', 'session'])
    .execute()
}
