// The first tables.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('subscribers')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
  await db.schema
    .createTable('leases')
    .addColumn('realm', 'text', c => c.notNull())
    .addColumn('prefix', 'text', c => c.notNull())
    .addColumn('first_port', 'integer', c => c.notNull())
    .addColumn('subscriber', 'text', c => c.notNull())
    .addColumn('from_at', 'integer', c => c.notNull())
    .addColumn('to_at', 'integer')
    .addColumn('body', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('lease_key', [
      'realm',
      'prefix',
      'first_port',
      'subscriber',
      'from_at',
    ])
    .execute()
  await db.schema
    .createTable('accounts')
    .addColumn('subscriber', 'text', c => c.notNull())
    .addColumn('login', 'text', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('account_key', ['subscriber', 'login'])
    .execute()
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('subscriber', 'text')
    .addColumn('open', 'integer', c => c.notNull())
    .addColumn('epoch', 'integer', c => c.notNull())
    .addColumn('changed_at', 'integer', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
  await db.schema
    .createIndex('incidents_subject')
    .on('incidents')
    .columns(['subject', 'changed_at'])
    .execute()
  await db.schema
    .createIndex('incidents_changed')
    .on('incidents')
    .columns(['open', 'changed_at'])
    .execute()
  await db.schema
    .createTable('decisions')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('incident', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('ended', 'integer', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
  await db.schema
    .createIndex('decisions_incident')
    .on('decisions')
    .columns(['incident', 'at'])
    .execute()
  await db.schema
    .createTable('evidence')
    .addColumn('n', 'integer', c => c.primaryKey().autoIncrement())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('evidence_subject').on('evidence').columns(['subject', 'n']).execute()
  await db.schema
    .createTable('notices')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('incident', 'text', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
  await db.schema
    .createTable('audit')
    .addColumn('n', 'integer', c => c.primaryKey().autoIncrement())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('actor', 'text', c => c.notNull())
    .addColumn('order_kind', 'text', c => c.notNull())
    .addColumn('target', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute()
}
