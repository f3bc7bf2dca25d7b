// One Cordon at a time in a data folder: two would send the same mail twice. The lock is the kernel's, so it ends with
// the process, however that ends.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../../model/errors.ts'

/** Throws when another process has the folder. Returns what gives it back. */
export function holdFolder(folder: string): () => void {
  const database = new DatabaseSync(join(folder, 'lock.db'))
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch {
    database.close()
    throw new ConfigError(
      'dataFolder',
      `${folder} is in use by another Cordon`,
      'Stop that one first, or give this one a folder of its own',
    )
  }
  return () => database.close()
}
