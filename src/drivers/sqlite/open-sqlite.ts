// Opens a database of node:sqlite the way all of ours are opened. Traps of that module: undefined and Date are not
// values to it, and its busy timeout is 0 unless set.

import { DatabaseSync } from 'node:sqlite'

/** FULL: a commit is on disk when it returns. NORMAL loses the last commits at a power cut; only tests want that. */
export type Synchronous = 'FULL' | 'NORMAL'

/** Opens (or makes) a database file; `:memory:` for one that is gone with the process. */
export function openSqlite(path: string, synchronous: Synchronous = 'FULL'): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 })
  try {
    // Both only take effect before the first table is made.
    database.exec('PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL;')
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON;`,
    )
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
