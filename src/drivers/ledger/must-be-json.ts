// Before SQLite looks into the bodies of a table: of one that is no JSON it says "malformed JSON", and not which.

import { type Kysely, sql } from 'kysely'
import { DamagedRow } from './parse-row.ts'
import type { LedgerTables } from './tables.ts'

/** Throws DamagedRow about the first that is none. Rows without an id are named by how they begin. */
export async function mustBeJson(
  db: Kysely<unknown>,
  table: Extract<keyof LedgerTables, 'subscribers' | 'leases'>,
): Promise<void> {
  const id = sql.ref(table === 'leases' ? 'body' : 'id')
  const { rows } = await sql<{ id: string }>`
    SELECT substr(${id}, 1, 80) AS id FROM ${sql.table(table)} WHERE NOT json_valid(body) LIMIT 1`.execute(
    db,
  )
  const [row] = rows
  if (row) throw new DamagedRow(table, row.id, 'it is no JSON')
}
