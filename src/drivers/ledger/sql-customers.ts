// Customers in SQL. Written by this thread: a list of all of them is taken over at start and by the feed, and is waited for.

import type { Kysely } from 'kysely'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Customers } from '../../ports/customers.ts'
import { mayPass } from '../sqlite/store-problem.ts'
import { parseRow } from './parse-row.ts'
import {
  addressesOfMany,
  putAddresses,
  refuseShared,
  removeAddresses,
  sharedBy,
} from './sql-addresses.ts'
import type { LedgerTables } from './tables.ts'

/** Values of one statement. */
const REMOVED_AT_ONCE = 500

export const sqlCustomers = (db: Kysely<LedgerTables>): Customers => ({
  subscribers: async page => {
    let query = db.selectFrom('subscribers').select(['id', 'body'])
    if (page)
      query = query
        .where('id', '>', page.after ?? '')
        .orderBy('id')
        .limit(page.limit)
    return (await query.execute()).map(parseRow<Subscriber>('subscribers'))
  },
  changeSubscribers: ({ changed, gone }) =>
    asStore(
      db.transaction().execute(async trx => {
        await removeAddresses(trx, gone)
        for (let i = 0; i < gone.length; i += REMOVED_AT_ONCE)
          await trx
            .deleteFrom('subscribers')
            .where('id', 'in', gone.slice(i, i + REMOVED_AT_ONCE))
            .execute()
        for (const one of changed) {
          const body = JSON.stringify(one)
          await trx
            .insertInto('subscribers')
            .values({ id: one.id, body })
            .onConflict(c => c.column('id').doUpdateSet({ body }))
            .execute()
        }
        const ids = changed.map(one => one.id)
        const before = await sharedBy(trx, ids)
        await putAddresses(trx, changed)
        await refuseShared(trx, ids, before)
      }),
    ),
  addressesOfMany: asked => addressesOfMany(db, asked),
})

/** As a write of the ledger's own thread fails: the caller is told in a sentence that the store takes nothing now. */
const asStore = (work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    if (mayPass(error) && error instanceof Error) throw new StoreUnavailable(error.message)
    throw error
  })
