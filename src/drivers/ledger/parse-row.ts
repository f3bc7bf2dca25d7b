// What a row holds as JSON. One flipped bit in it is damage of the ledger that SQLite does not see: it is called that, with the row.

import type { LedgerTables } from './tables.ts'

/** A row that cannot be read. The sentence says where the way out is described. */
export class DamagedRow extends Error {
  override readonly name = 'DamagedRow'
  /** Without the ledger around it. */
  readonly why: string

  constructor(table: keyof LedgerTables, id: string, what: string) {
    const why = `row ${JSON.stringify(id)} of its table ${table}: ${what}`
    super(
      `the ledger is damaged (${why}). docs/operations.md says what can be done ("The ledger is damaged").`,
    )
    this.why = why
  }
}

/** What a row of the table cannot be without. A row of the wrong form is no row that says nothing: a restriction would be gone with it. */
const FIELDS: Partial<Record<keyof LedgerTables, readonly string[]>> = {
  subscribers: ['id', 'logins'],
  leases: ['prefix', 'subscriber', 'from'],
  app_passwords: ['id', 'login'],
  incidents: ['id', 'subject'],
  decisions: ['id', 'incident', 'subject', 'kind', 'until'],
}

/** Reads rows of one table; `id` is what an operator finds the row by. Throws DamagedRow. */
export const parseRow =
  <T>(table: keyof LedgerTables) =>
  (row: { readonly id?: string; readonly body: string }): T =>
    parseBody<T>(table, row.id ?? row.body.slice(0, 80), row.body)

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it stored
export function parseBody<T>(table: keyof LedgerTables, id: string, body: string): T {
  let read: unknown
  try {
    read = JSON.parse(body)
  } catch (error) {
    throw new DamagedRow(table, id, (error as Error).message)
  }
  const missing = FIELDS[table]?.find(
    name => typeof read !== 'object' || read === null || !Object.hasOwn(read, name),
  )
  if (missing !== undefined) throw new DamagedRow(table, id, `without ${missing}`)
  return read as T
}
