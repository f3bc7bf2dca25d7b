// The file of the event index: which words stand in which piece of which journal file. All of it can be made anew from the journal.
//
// A word is 32 bits of its hash: who meets another by chance costs the reader one piece more. A word and the number of its piece are one
// number, an entry, and entries lie sorted in runs, eight bytes each: rows of their own, put one by one all over a table, cost ten times as
// much. What is put down together is one run; runs of an hour that is over become one.

import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { versionOf } from '../sqlite/newer-cordon.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { distinctSorted, entriesOf, indexWord, MOST_PIECES, rangeOf } from './index-entries.ts'
import { openRuns } from './index-runs.ts'
import { hourOf } from './journal-names.ts'

/** A piece of a file that can be read by itself, and so may have the word in it. */
export type JournalPiece = { readonly file: string; readonly from: number; readonly to: number }
/** `words`: see `indexWord`. */
export type WordsOfPiece = JournalPiece & { readonly words: Float64Array }
/** Up to where a file is in the index; `torn`: as far as it could be read. */
export type FileState = { readonly name: string; readonly until: number; readonly torn: boolean }

export type IndexFile = {
  /** Many pieces in one go cost little more than one. */
  readonly add: (pieces: readonly WordsOfPiece[]) => void
  /** The file is in the index up to here. */
  readonly reach: (state: FileState) => void
  readonly state: (name: string) => FileState
  /** States of the files of these hours and later. */
  readonly states: (oldest: string) => FileState[]
  readonly places: (word: string, oldest: string) => JournalPiece[]
  /** Forgets the hours before, and makes one run of many in hours that are over. */
  readonly drop: (oldest: string) => void
  readonly together: <T>(work: () => T) => T
  readonly close: () => void
}

/** The version of the tables. */
const VERSION = 2

/** What another version has written is dropped: the index is made anew from the journal. */
export function openIndexFile(path: string): IndexFile {
  const database = openSqlite(path, 'NORMAL')
  try {
    if (versionOf(database) !== VERSION) inTransaction(database, () => makeAnew(database))
    return indexFile(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function makeAnew(database: DatabaseSync): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  for (const { name } of tables) database.exec(`DROP TABLE "${String(name)}"`)
  database.exec(`
    CREATE TABLE file (name TEXT PRIMARY KEY, until INTEGER, torn INTEGER) WITHOUT ROWID;
    CREATE TABLE piece (hour TEXT, number INTEGER, file TEXT, start INTEGER, end INTEGER,
      PRIMARY KEY (hour, number), UNIQUE (file, start)) WITHOUT ROWID;
    CREATE TABLE run (hour TEXT, number INTEGER, entries INTEGER,
      PRIMARY KEY (hour, number)) WITHOUT ROWID;
    CREATE TABLE part (hour TEXT, run INTEGER, first INTEGER, entries BLOB,
      PRIMARY KEY (hour, run, first));
    PRAGMA user_version = ${VERSION}`)
}

function indexFile(database: DatabaseSync): IndexFile {
  const runs = openRuns(database)
  const pieces = openPieces(database)
  const reach = database.prepare('INSERT OR REPLACE INTO file VALUES (?, ?, ?)')
  const one = database.prepare('SELECT name, until, torn FROM file WHERE name = ?')
  const since = database.prepare('SELECT name, until, torn FROM file WHERE name >= ?')
  const before = database.prepare('DELETE FROM file WHERE name < ?')
  return {
    add: all => {
      for (const [hour, ofHour] of Map.groupBy(all, ({ file }) => hourOf(file))) {
        const numbered = ofHour.map(piece => ({
          words: piece.words,
          piece: pieces.put(hour, piece),
        }))
        runs.put(hour, distinctSorted(entriesOf(numbered)))
      }
    },
    reach: ({ name, until, torn }) => void reach.run(name, until, torn ? 1 : 0),
    state: name => stateOf(one.get(name) ?? { name, until: 0, torn: 0 }),
    states: oldest => since.all(oldest).map(stateOf),
    places: (word, oldest) =>
      runs
        .find(rangeOf(indexWord(word)), oldest)
        .flatMap(({ hour, piece }) => pieces.get(hour, piece)),
    drop: oldest => {
      runs.drop(oldest)
      pieces.drop(oldest)
      before.run(oldest)
      runs.merge()
    },
    together: work => inTransaction(database, work),
    close: () => database.close(),
  }
}

function openPieces(database: DatabaseSync) {
  const put = database.prepare(
    `INSERT INTO piece VALUES (?1, (SELECT coalesce(max(number) + 1, 0) FROM piece WHERE hour = ?1), ?2, ?3, ?4)
      ON CONFLICT (file, start) DO UPDATE SET end = excluded.end RETURNING number`,
  )
  const get = database.prepare('SELECT file, start, end FROM piece WHERE hour = ? AND number = ?')
  const before = database.prepare('DELETE FROM piece WHERE hour < ?')
  return {
    /** The number of the piece within its hour. Throws when there are too many: what is not in the index is read whole. */
    put: (hour: string, { file, from, to }: JournalPiece): number => {
      const number = Number(put.get(hour, file, from, to)?.['number'])
      if (number >= MOST_PIECES) throw new Error(`over ${MOST_PIECES} pieces in the hour ${hour}`)
      return number
    },
    get: (hour: string, number: number): JournalPiece[] =>
      get.all(hour, number).map(({ file, start, end }) => ({
        file: String(file),
        from: Number(start),
        to: Number(end),
      })),
    drop: (oldest: string) => void before.run(oldest),
  }
}

const stateOf = ({ name, until, torn }: Record<string, unknown>): FileState => ({
  name: String(name),
  until: Number(until),
  torn: torn === 1,
})
