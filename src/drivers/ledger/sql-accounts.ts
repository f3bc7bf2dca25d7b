// Hashes of passwords in SQL. Written by this thread: each of them is waited for.

import type { Kysely } from 'kysely'
import type { Accounts, StoredAppPassword } from '../../ports/accounts.ts'
import { parseRow } from './parse-row.ts'
import type { LedgerTables } from './tables.ts'

/** Values of one statement. */
const REMOVED_AT_ONCE = 500

export const sqlAccounts = (db: Kysely<LedgerTables>): Accounts => ({
  accounts: async () =>
    (await db.selectFrom('accounts').selectAll().execute()).map(({ subscriber, login, hash }) => ({
      subscriber,
      hash,
      ...(login === '' ? {} : { login }),
    })),
  putAccounts: all =>
    db.transaction().execute(async trx => {
      for (const { subscriber, login = '', hash } of all)
        await trx
          .insertInto('accounts')
          .values({ subscriber, login, hash })
          .onConflict(c => c.columns(['subscriber', 'login']).doUpdateSet({ hash }))
          .execute()
    }),
  removeAccounts: all =>
    db.transaction().execute(async trx => {
      for (const { subscriber, login = '' } of all)
        await trx
          .deleteFrom('accounts')
          .where('subscriber', '=', subscriber)
          .where('login', '=', login)
          .execute()
    }),
  appPasswords: async () =>
    (await db.selectFrom('app_passwords').select(['id', 'body']).execute()).map(
      parseRow<StoredAppPassword>('app_passwords'),
    ),
  putAppPassword: async one => {
    const row = { id: one.id, login: one.login, body: JSON.stringify(one) }
    await db
      .insertInto('app_passwords')
      .values(row)
      .onConflict(c => c.column('id').doUpdateSet(row))
      .execute()
  },
  removeAppPasswords: async ids => {
    for (let i = 0; i < ids.length; i += REMOVED_AT_ONCE)
      await db
        .deleteFrom('app_passwords')
        .where('id', 'in', ids.slice(i, i + REMOVED_AT_ONCE))
        .execute()
  },
})
