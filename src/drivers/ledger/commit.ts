// How the ledger is written: statements that are carried out in one transaction, by a thread of its own or in this one.

import { CompiledQuery, type Kysely } from 'kysely'
import type { Write } from './write.ts'
import type { LedgerTables } from './tables.ts'

export type Commit = {
  /** All of them or none; resolves when they are on disk, with how many rows the last one changed. */
  write(all: readonly Write[]): Promise<number>
  close(): Promise<void>
}

/** Waits for the disk in this thread. */
export const commitHere = (db: Kysely<LedgerTables>): Commit => ({
  write: all =>
    db.transaction().execute(async trx => {
      let changed = 0
      for (const { sql, parameters } of all) {
        const { numAffectedRows } = await trx.executeQuery(CompiledQuery.raw(sql, [...parameters]))
        changed = Number(numAffectedRows ?? 0)
      }
      return changed
    }),
  close: async () => undefined,
})
