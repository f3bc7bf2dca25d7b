// Lets kysely speak to node:sqlite. Statements are kept: preparing one anew costs more than running it.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteDialect } from 'kysely'

export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  const prepared = new Map<string, StatementSync>()
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare: sql => {
        let statement = prepared.get(sql)
        if (!statement) {
          statement = database.prepare(sql)
          if (prepared.size < 200) prepared.set(sql, statement)
        }
        const ready = statement
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
