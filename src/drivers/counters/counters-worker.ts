// The thread that writes the counters down, so that no client waits for it while it is judged, and reads states of subjects that are not
// in memory.

import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { serveCalls } from '../sqlite/serve-calls.ts'
import type { CountersAnswer, CountersAsk } from './counters-ask.ts'
import { type Kind, KINDS, type PackedRow, unpacked } from './packed-rows.ts'
import { bytesOf, openRowFile } from './row-file.ts'
import type { StateRow } from './state-table.ts'

serveCalls<CountersAsk, CountersAnswer>(
  ({ path }) => {
    const database = openRowFile(path)
    const write = writer(database)
    const states = stateFile(database)
    const answer = (ask: CountersAsk): CountersAnswer => {
      if ('read' in ask) return states.read(ask.read)
      if ('forget' in ask) {
        states.forget(ask.forget, ask.most)
        return []
      }
      // In the order of the keys: neighbours lie on the same page.
      const rows = [...unpacked(ask.rows)].sort((a, b) => a.key - b.key)
      inTransaction(database, () => {
        rows.forEach(write)
        ask.states.forEach(states.write)
      })
      return []
    }
    return { together: asks => asks.map(answer), close: () => database.close() }
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

function stateFile(database: DatabaseSync) {
  const find = database.prepare('SELECT key, version, at, bytes FROM state WHERE key = ?')
  const put = database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)')
  const drop = database.prepare('DELETE FROM state WHERE key = ?')
  const forget = database.prepare('DELETE FROM state WHERE at < ?')
  const count = database.prepare('SELECT count(*) AS n FROM state')
  const oldest = database.prepare(
    'DELETE FROM state WHERE key IN (SELECT key FROM state ORDER BY at LIMIT ?)',
  )
  return {
    read: (keys: readonly string[]): StateRow[] =>
      keys.flatMap(key => (find.get(key) as StateRow | undefined) ?? []),
    write: ({ key, version, at, bytes }: StateRow): void => {
      if (bytes.length === 0) drop.run(key)
      else put.run(key, version, at, bytes)
    },
    forget: (before: number, most: number): void => {
      forget.run(before)
      const { n } = count.get() as { n: number }
      if (n > most) oldest.run(n - most)
    },
  }
}
