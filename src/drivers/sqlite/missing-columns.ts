// Whether a database has every table and column that the code asks for. SQLite would say it at the first statement that misses one: long
// after the start, and to a client.

import type { DatabaseSync } from 'node:sqlite'

/** Table -> its columns. */
export type Columns = Readonly<Record<string, readonly string[]>>

/** What is missing, in words; undefined when all is there. */
export function missingIn(database: DatabaseSync, wanted: Columns): string | undefined {
  const there = columnsIn(database)
  const tables = Object.keys(wanted).filter(table => !there[table])
  const columns = Object.entries(wanted).flatMap(([table, names]) => {
    const mine = there[table]
    return mine ? names.filter(name => !mine.includes(name)).map(name => `${table}.${name}`) : []
  })
  const said = [
    ...(tables.length > 0 ? [`its tables ${tables.join(', ')}`] : []),
    ...(columns.length > 0 ? [`its columns ${columns.join(', ')}`] : []),
  ]
  return said.length === 0 ? undefined : `without ${said.join(' and ')}`
}

/** Of all tables but SQLite's own. */
export function columnsIn(database: DatabaseSync): Columns {
  const rows = database
    .prepare(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'`,
    )
    .all()
  const found: Record<string, string[]> = {}
  for (const { table, column } of rows) (found[String(table)] ??= []).push(String(column))
  return found
}
