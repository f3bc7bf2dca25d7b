// The file of the event index: which words stand in which piece of which journal file. A table for each hour, so that new rows
// lie together and an hour that is over its time goes as a whole. All of it can be made anew from the journal.

import type { DatabaseSync } from 'node:sqlite'
import { hash53 } from '../counters/hash.ts'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { versionOf } from '../sqlite/newer-cordon.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { hourOf } from './journal-names.ts'

/** A piece of a file that can be read by itself, and so may have the word in it. */
export type JournalPiece = { readonly file: string; readonly from: number; readonly to: number }
export type WordsOfPiece = JournalPiece & { readonly words: Iterable<string> }
/** Up to where a file is in the index; `torn`: as far as it could be read. */
export type FileState = { readonly name: string; readonly until: number; readonly torn: boolean }

export type IndexFile = {
  /** Many pieces in one go cost little more than one: their words lie all over the table, and each page of it is written once. */
  readonly add: (pieces: readonly WordsOfPiece[]) => void
  /** The file is in the index up to here. */
  readonly reach: (state: FileState) => void
  readonly state: (name: string) => FileState
  /** States of the files of these hours and later. */
  readonly states: (oldest: string) => FileState[]
  readonly places: (word: string, oldest: string) => JournalPiece[]
  /** Forgets the hours before. */
  readonly drop: (oldest: string) => void
  readonly together: <T>(work: () => T) => T
  readonly close: () => void
}

/** The version of the tables. Before it was written it was 0. */
const VERSION = 1

/** What a newer Cordon has written is dropped: the index is made anew from the journal. */
export function openIndexFile(path: string): IndexFile {
  const database = openSqlite(path, 'NORMAL')
  try {
    const version = versionOf(database)
    if (version > VERSION) dropAll(database)
    if (version !== VERSION) database.exec(`PRAGMA user_version = ${VERSION}`)
    database.exec(
      'CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, until INTEGER, torn INTEGER) WITHOUT ROWID',
    )
    return indexFile(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function dropAll(database: DatabaseSync): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  inTransaction(database, () => {
    for (const { name } of tables) database.exec(`DROP TABLE "${String(name)}"`)
  })
}

function indexFile(database: DatabaseSync): IndexFile {
  const reach = database.prepare('INSERT OR REPLACE INTO file VALUES (?, ?, ?)')
  const one = database.prepare('SELECT name, until, torn FROM file WHERE name = ?')
  const since = database.prepare('SELECT name, until, torn FROM file WHERE name >= ?')
  const before = database.prepare('DELETE FROM file WHERE name < ?')
  const tables = database.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'hour_*'",
  )
  const hours = () => tables.all().map(({ name }) => String(name).slice('hour_'.length))
  let current = ''
  let insert: ReturnType<DatabaseSync['prepare']> | undefined
  const inserting = (hour: string) => {
    if (insert && current === hour) return insert
    // A stamp is ten digits; nothing else comes here (JOURNAL_FILE).
    database.exec(
      `CREATE TABLE IF NOT EXISTS hour_${hour} (word INTEGER, file TEXT, start INTEGER, end INTEGER,
        PRIMARY KEY (word, file, start)) WITHOUT ROWID`,
    )
    current = hour
    insert = database.prepare(`INSERT OR REPLACE INTO hour_${hour} VALUES (?, ?, ?, ?)`)
    return insert
  }
  return {
    add: pieces => {
      for (const [hour, ofHour] of Map.groupBy(pieces, ({ file }) => hourOf(file))) {
        const put = inserting(hour)
        const rows = ofHour.flatMap(({ words, ...piece }) =>
          [...new Set(Array.from(words, hash53))].map(word => ({ word, piece })),
        )
        for (const { word, piece } of rows.sort((a, b) => a.word - b.word))
          put.run(word, piece.file, piece.from, piece.to)
      }
    },
    reach: ({ name, until, torn }) => void reach.run(name, until, torn ? 1 : 0),
    state: name => stateOf(one.get(name) ?? { name, until: 0, torn: 0 }),
    states: oldest => since.all(oldest).map(stateOf),
    places: (word, oldest) => {
      const hash = hash53(word)
      return hours()
        .filter(hour => hour >= oldest)
        .flatMap(hour =>
          database
            .prepare(`SELECT file, start, end FROM hour_${hour} WHERE word = ?`)
            .all(hash)
            .map(({ file, start, end }) => ({
              file: String(file),
              from: Number(start),
              to: Number(end),
            })),
        )
    },
    drop: oldest => {
      insert = undefined
      for (const hour of hours()) if (hour < oldest) database.exec(`DROP TABLE hour_${hour}`)
      before.run(oldest)
    },
    together: work => {
      try {
        return inTransaction(database, work)
      } catch (error) {
        // The table it writes to may have gone with the transaction.
        insert = undefined
        throw error
      }
    },
    close: () => database.close(),
  }
}

const stateOf = ({ name, until, torn }: Record<string, unknown>): FileState => ({
  name: String(name),
  until: Number(until),
  torn: torn === 1,
})
