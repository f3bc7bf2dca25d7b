// Which customer has which address, as an index: that no address is given to two is asked in the transaction that writes customers,
// whichever process writes. Customers of an earlier Cordon that share an address stay as they are; a start tells of them.

import { type Kysely, sql } from 'kysely'
import { mustBeJson } from '../must-be-json.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await mustBeJson(db, 'subscribers')
  await db.schema
    .createTable('customer_addresses')
    .addColumn('address', 'text', c => c.notNull())
    .addColumn('subscriber', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('customer_address_key', ['address', 'subscriber'])
    .execute()
  await db.schema
    .createIndex('customer_addresses_subscriber')
    .on('customer_addresses')
    .column('subscriber')
    .execute()
  await sql`
    INSERT OR IGNORE INTO customer_addresses
    SELECT json_extract(login.value, '$.name'), subscribers.id
    FROM subscribers, json_each(subscribers.body, '$.logins') AS login`.execute(db)
  await sql`
    INSERT OR IGNORE INTO customer_addresses
    SELECT address.value, subscribers.id
    FROM subscribers, json_each(subscribers.body, '$.logins') AS login,
      json_each(login.value, '$.addresses') AS address`.execute(db)
}
