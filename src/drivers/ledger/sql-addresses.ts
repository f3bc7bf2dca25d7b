// Which customer has which address. Asked and written in the transaction that writes customers, after its first write: from then on no
// other process writes, so that what is found is so until the end of it. One statement for all customers: there are twenty thousand.

import { type Kysely, sql } from 'kysely'
import { AddressTaken, addressesIn, type OfTwo } from '../../model/login-of-two.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { AddressesAsked, AddressOfMany } from '../../ports/customers.ts'
import type { LedgerTables } from './tables.ts'

type Tables = Kysely<LedgerTables>

/** Customers of one statement. */
const AT_ONCE = 10_000

/** Of these customers, already. */
export type Shared = ReadonlySet<string>

export async function sharedBy(db: Tables, ids: readonly string[]): Promise<Shared> {
  const found = await sharedWith(db, ids)
  return new Set(found.map(keyOf))
}

export async function putAddresses(db: Tables, changed: readonly Subscriber[]): Promise<void> {
  await removeAddresses(
    db,
    changed.map(one => one.id),
  )
  for (let i = 0; i < changed.length; i += AT_ONCE) {
    const rows = changed
      .slice(i, i + AT_ONCE)
      .flatMap(one => [...addressesIn(one)].map(address => [address, one.id]))
    await sql`
      INSERT OR IGNORE INTO customer_addresses
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
      FROM json_each(${JSON.stringify(rows)})`.execute(db)
  }
}

export async function removeAddresses(db: Tables, ids: readonly string[]): Promise<void> {
  for (let i = 0; i < ids.length; i += AT_ONCE)
    await sql`
      DELETE FROM customer_addresses
      WHERE subscriber IN (SELECT value FROM json_each(${JSON.stringify(ids.slice(i, i + AT_ONCE))}))`.execute(
      db,
    )
}

/** Throws AddressTaken when one of these customers has an address of another that was not both customers' `before`. */
export async function refuseShared(
  db: Tables,
  ids: readonly string[],
  before: Shared,
): Promise<void> {
  const found = (await sharedWith(db, ids)).find(one => !before.has(keyOf(one)))
  if (found) throw new AddressTaken(found)
}

const keyOf = ({ address, first, second }: OfTwo): string =>
  JSON.stringify([address, first, second])

/** Addresses of these customers that another has, too. */
async function sharedWith(db: Tables, ids: readonly string[]): Promise<readonly OfTwo[]> {
  const all: OfTwo[] = []
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const { rows } = await sql<OfTwo>`
      SELECT mine.address AS address, other.subscriber AS first, mine.subscriber AS second
      FROM json_each(${JSON.stringify(ids.slice(i, i + AT_ONCE))}) AS asked
      JOIN customer_addresses AS mine ON mine.subscriber = asked.value
      JOIN customer_addresses AS other
        ON other.address = mine.address AND other.subscriber <> mine.subscriber`.execute(db)
    all.push(...rows)
  }
  return all
}

/** Addresses of more than one customer, in order. */
export async function addressesOfMany(
  db: Tables,
  { limit, of }: AddressesAsked,
): Promise<readonly AddressOfMany[]> {
  const theirs = of
    ? sql`WHERE address IN (SELECT address FROM customer_addresses
        WHERE subscriber IN (SELECT value FROM json_each(${JSON.stringify(of)})))`
    : sql``
  const { rows } = await sql<{ address: string; customers: string }>`
    SELECT address, json_group_array(subscriber) AS customers FROM customer_addresses ${theirs}
    GROUP BY address HAVING count(*) > 1 ORDER BY address LIMIT ${limit}`.execute(db)
  return rows.map(({ address, customers }) => ({
    address,
    customers: (JSON.parse(customers) as string[]).toSorted(),
  }))
}
