// The thread that writes to the ledger, so that the engine never waits for a disk while others ask it. Group commit, like
// the queue's: whatever came while the last commit ran goes into the next one.

import type { SQLInputValue } from 'node:sqlite'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { serveCalls } from '../sqlite/serve-calls.ts'
import { statementsOf } from '../sqlite/sqlite-dialect.ts'
import type { Write } from './write.ts'

serveCalls<readonly Write[], number>(({ path, synchronous }) => {
  const database = openSqlite(path, synchronous)
  const prepared = statementsOf(database)
  const carryOut = (writes: readonly Write[]): number => {
    let changed: number | bigint = 0
    for (const { sql, parameters } of writes)
      ({ changes: changed } = prepared(sql).run(...(parameters as SQLInputValue[])))
    return Number(changed)
  }
  return {
    together: all => inTransaction(database, () => all.map(carryOut)),
    close: () => database.close(),
  }
})
