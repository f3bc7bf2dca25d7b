// A store that a newer Cordon has written: writing to it could lose what the newer version stores. The file is not damaged. docs/operations.md says
// how to go back a version.

import type { DatabaseSync } from 'node:sqlite'

export class NewerCordon extends Error {
  override readonly name = 'NewerCordon'

  /** `store` as the sentence names it. */
  constructor(store: string) {
    super(
      `${store} was written by a newer Cordon; nothing in it was changed. Start that one, or restore the data folder as it was before the upgrade.`,
    )
  }
}

/** The version that a file says itself; 0 where none was written yet. */
export const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
