// Looks at a database before it is opened for use, without changing anything. What is damaged is said here, and never found by a
// customer; a file that is empty or gone is told from a new one by the caller, which knows what else is in the folder.

import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { isDamage, storeProblem } from './store-problem.ts'
import { faultOfLog } from './write-ahead-log.ts'

/** `none`: there is no file, or one without tables. */
export type FileState =
  | { readonly state: 'none' | 'sound' }
  | { readonly state: 'damaged'; readonly why: string }

/**
 * Files up to here are read to their end by `PRAGMA quick_check` (half a gigabyte takes 0.3 s from memory, ten from a slow disk). Of
 * larger ones the schema and both ends of every table are read: a start must not take minutes.
 */
const CHECKED_WHOLE = 1024 ** 3

/**
 * Throws a sentence when it cannot be looked at: a folder in its place, no right, another program. `ours` are tables of which each file
 * of ours has at least one, however early its first start was killed.
 */
export function checkFile(
  path: string,
  ours: readonly string[],
  checkedWhole = CHECKED_WHOLE,
): FileState {
  const size = sizeOf(path)
  const log = sizeOf(`${path}-wal`)
  sizeOf(`${path}-shm`)
  if (size === 0) {
    // SQLite would throw such a log away.
    const why = 'it is empty or missing, but what was written last is still in the file with "-wal"'
    return log > 0 ? { state: 'damaged', why } : { state: 'none' }
  }
  // Before SQLite sees it: of such a log it says nothing.
  const unread = log > 0 ? faultOfLog(`${path}-wal`) : undefined
  if (unread !== undefined) return { state: 'damaged', why: unread }
  try {
    const database = new DatabaseSync(asItLies(path), { readOnly: true, timeout: 5000 })
    try {
      const why = size <= checkedWhole ? firstFault(database) : readable(database)
      return why === undefined ? stateOfTables(database, ours) : { state: 'damaged', why }
    } finally {
      database.close()
    }
  } catch (error) {
    if (isDamage(error)) return { state: 'damaged', why: (error as Error).message }
    throw storeProblem(error, path)
  }
}

/** Without a log the file has all of it, and SQLite, which would make a log even to read, is told that no program writes. */
function asItLies(path: string): URL | string {
  if (['-wal', '-journal'].some(tail => existsSync(`${path}${tail}`))) return path
  const place = pathToFileURL(path)
  place.searchParams.set('immutable', '1')
  return place
}

/** 0 for a file that is not there. A file that may not be written is told now: SQLite would open it and fail at the first commit. */
function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isFile()) throw new Error(`${path} is no file; move it away.`)
  accessSync(path, constants.R_OK | constants.W_OK)
  return found.size
}

function firstFault(database: DatabaseSync): string | undefined {
  const [row] = database.prepare('PRAGMA quick_check(1)').all()
  const said = String(row?.['quick_check'])
  return said === 'ok' ? undefined : said.replaceAll('*** in database main ***', '').trim()
}

/** A file without tables lost its log before anything was moved out of it, or was put there. */
function stateOfTables(database: DatabaseSync, ours: readonly string[]): FileState {
  const tables = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    )
    .all()
  if (tables.length === 0) return { state: 'none' }
  if (tables.some(({ name }) => ours.includes(String(name)))) return { state: 'sound' }
  return {
    state: 'damaged',
    why: 'it is a database of another program: none of our tables is in it',
  }
}

function readable(database: DatabaseSync): undefined {
  const tables = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'",
    )
    .all()
  for (const { name } of tables) {
    const table = `"${String(name).replaceAll('"', '""')}"`
    database.prepare(`SELECT * FROM ${table} ORDER BY rowid LIMIT 1`).get()
    database.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`).get()
  }
}
