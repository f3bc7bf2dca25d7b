// One Cordon at a time in a data folder: two would send the same mail twice. The lock is the kernel's, so it ends with
// the process, however that ends. It is SQLite's lock on a file that says nothing: what is written into it shows that we may write.

import { statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy, isDamage, storeProblem } from './store-problem.ts'

/** Throws when another process has the folder, or when no file can be made there. Returns what gives it back. */
export function holdFolder(folder: string): () => void {
  const path = join(folder, 'lock.db')
  try {
    return hold(path)
  } catch (error) {
    if (!isDamage(error)) throw lockProblem(error, folder)
  }
  // Another program wrote into it. Emptied in its place, never replaced: a second process that comes to the same point meets the same file,
  // and of all processes that then ask for the lock one gets it.
  try {
    truncateSync(path)
    return hold(path)
  } catch (error) {
    throw lockProblem(error, folder)
  }
}

function hold(path: string): () => void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    throw new Error(`${path} is no file; move it away.`)
  const database = new DatabaseSync(path)
  try {
    // Of a file that we may only read SQLite takes a lock that many can have. So it is written to, in the transaction that is the lock.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    database.exec('PRAGMA user_version = 1')
  } catch (error) {
    database.close()
    throw error
  }
  return () => database.close()
}

function lockProblem(error: unknown, folder: string): Error {
  if (!isBusy(error)) return storeProblem(error, join(folder, 'lock.db'))
  return new Error(
    `${folder} is in use by another Cordon. Stop that one first, or give this one a folder of its own.`,
  )
}
