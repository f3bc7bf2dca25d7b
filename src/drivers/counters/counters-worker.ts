// The thread that writes the counters down, so that nobody who is judged waits for it.

import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { serveCalls } from '../sqlite/serve-calls.ts'
import { type Kind, KINDS, type PackedRow, unpacked } from './packed-rows.ts'
import { bytesOf, openRowFile } from './row-file.ts'

serveCalls<Float64Array<ArrayBuffer>, true>(
  ({ path }) => {
    const database = openRowFile(path)
    const write = writer(database)
    return {
      together: asks => {
        for (const ask of asks) {
          // In the order of the keys: neighbours lie on the same page.
          const rows = [...unpacked(ask)].sort((a, b) => a.key - b.key)
          inTransaction(database, () => rows.forEach(write))
        }
        return asks.map(() => true)
      },
      close: () => database.close(),
    }
  },
  { maxGroup: 1 },
)

function writer(database: DatabaseSync): (row: PackedRow) => void {
  const statements = (sql: (kind: Kind) => string) =>
    Object.fromEntries(KINDS.map(kind => [kind, database.prepare(sql(kind))]))
  const put = statements(kind => `INSERT OR REPLACE INTO ${kind}_row (key, numbers) VALUES (?, ?)`)
  const drop = statements(kind => `DELETE FROM ${kind}_row WHERE key = ?`)
  return ({ kind, key, numbers }) => {
    if (numbers.length === 0) drop[kind]?.run(key)
    else put[kind]?.run(key, bytesOf(numbers))
  }
}
