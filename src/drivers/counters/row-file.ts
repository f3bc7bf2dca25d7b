// The file the counters are kept in: a table for each kind, found by a number, so that writing many rows in order of their keys
// touches few places. What an earlier Cordon kept in one table is taken over when it is opened.

import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { type Columns, missingIn } from '../sqlite/missing-columns.ts'
import { NewerCordon, versionOf } from '../sqlite/newer-cordon.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { type Kind, KINDS } from './packed-rows.ts'

/** `row` is what an earlier Cordon had. */
export const ROW_TABLES: readonly string[] = [...KINDS.map(kind => `${kind}_row`), 'state', 'row']

/** The version of the tables. Before it was written it was 0. A new kind is a new version: without its table a file of this one is damaged. */
const VERSION = 1
const WHOLE: Columns = {
  ...Object.fromEntries(KINDS.map(kind => [`${kind}_row`, ['key', 'numbers']])),
  state: ['key', 'version', 'at', 'bytes'],
}

/** Throws NewerCordon, and has changed nothing, when the tables are of a later version. */
export function openRowFile(path: string): DatabaseSync {
  const database = openSqlite(path, 'NORMAL')
  try {
    if (versionOf(database) > VERSION) throw new NewerCordon(path)
    if (versionOf(database) === VERSION) mustBeWhole(database)
    for (const kind of KINDS)
      database.exec(
        `CREATE TABLE IF NOT EXISTS ${kind}_row (key INTEGER PRIMARY KEY, numbers BLOB NOT NULL)`,
      )
    database.exec(
      `CREATE TABLE IF NOT EXISTS state
        (key TEXT PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS state_at ON state (at)`,
    )
    takeOver(database)
    if (versionOf(database) < VERSION) database.exec(`PRAGMA user_version = ${VERSION}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A table made anew in silence would be a quota or a greylist that begins at nothing. */
function mustBeWhole(database: DatabaseSync): void {
  const missing = missingIn(database, WHOLE)
  if (missing !== undefined) throw new Error(missing)
}

/** The kind, the key and the numbers of each row. */
export function* rowsOf(database: DatabaseSync): Generator<readonly [Kind, number, number[]]> {
  for (const kind of KINDS)
    for (const row of database.prepare(`SELECT key, numbers FROM ${kind}_row`).iterate()) {
      const { key, numbers } = row as { key: number; numbers: Uint8Array }
      // Bytes that were read lie at any offset, and numbers must lie at a multiple of eight.
      yield [kind, key, [...new Float64Array(numbers.slice().buffer)]]
    }
}

export const bytesOf = (numbers: Float64Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

function takeOver(database: DatabaseSync): void {
  const before = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'row'").get()
  if (!before) return
  inTransaction(database, () => {
    for (const row of database.prepare('SELECT kind, key, body FROM row').iterate()) {
      const { kind, key, body } = row as { kind: Kind; key: number; body: string }
      const numbers = new Float64Array(numbersOf(JSON.parse(body)))
      database
        .prepare(`INSERT OR REPLACE INTO ${kind}_row (key, numbers) VALUES (?, ?)`)
        .run(key, bytesOf(numbers))
    }
    database.exec('DROP TABLE row')
  })
}

/** All of a value's numbers, in the order in which they stand in it. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : []
}
