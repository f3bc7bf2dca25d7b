// Lets kysely speak to node:sqlite. Statements are kept: preparing one anew costs more than running it.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteDialect } from 'kysely'

/** Prepares each statement once. */
export function statementsOf(database: DatabaseSync): (sql: string) => StatementSync {
  const prepared = new Map<string, StatementSync>()
  return sql => {
    let statement = prepared.get(sql)
    if (!statement) {
      statement = database.prepare(sql)
      if (prepared.size < 200) prepared.set(sql, statement)
    }
    return statement
  }
}

/**
 * SQLite undoes CREATE and ALTER with the rest of a transaction; kysely's own adapter says it does not, and a migrator that believes it
 * leaves half of a migration behind when it is killed, or when the disk is full, and never opens the file again.
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class NodeSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

const NOTHING_RUN = { changes: 0, lastInsertRowid: 0 }

export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  const prepared = statementsOf(database)
  /** A full disk ends a transaction before kysely does; the error of a second end would take the place of the first. */
  const isOver = (sql: string) => sql === 'rollback' && !database.isTransaction
  return new NodeSqliteDialect({
    database: {
      close: () => database.close(),
      prepare: sql => {
        const ready = prepared(sql)
        return {
          reader: ready.columns().length > 0,
          all: parameters => ready.all(...(parameters as SQLInputValue[])),
          run: parameters =>
            isOver(sql) ? NOTHING_RUN : ready.run(...(parameters as SQLInputValue[])),
          iterate: parameters =>
            ready.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
        }
      },
    },
  })
}
