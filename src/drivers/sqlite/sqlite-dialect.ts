// Lets kysely speak to node:sqlite. Statements are kept: preparing one anew costs more than running it.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteDialect } from 'kysely'

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

export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  const prepared = statementsOf(database)
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare: sql => {
        const ready = prepared(sql)
        return {
          reader: ready.columns().length > 0,
          all: parameters => ready.all(...(parameters as SQLInputValue[])),
          run: parameters => ready.run(...(parameters as SQLInputValue[])),
          iterate: parameters =>
            ready.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
        }
      },
    },
  })
}
