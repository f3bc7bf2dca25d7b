// The folder everything is kept in: made when it is not there, looked at before anything is opened in it, and held so that no second
// Cordon comes in.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { JOURNAL_FILE } from '../drivers/journal/journal-names.ts'
import { RESTORE_MARK } from '../drivers/backup/restore-mark.ts'
import { SPOOL_MARK } from '../drivers/spool/spool-mark.ts'
import { holdFolder } from '../drivers/sqlite/hold-folder.ts'
import { StartError } from '../model/errors.ts'
import { mustNotBeRootIn } from './folder-owner.ts'
import { sentenceOf } from './sentence-of.ts'

const PART = 'data folder'

export type HeldFolder = {
  /**
   * Files that an earlier run left. A first start makes keys, ledger, queue and journal in this order: whatever is missing before something that is
   * there was lost.
   */
  readonly had: {
    readonly ledger: boolean
    /** The queue, bodies that were in one, or the name of one. */
    readonly spool: boolean
    readonly journal: boolean
  }
  giveBack(): void
}

/** Throws StartError, or ConfigError when root starts in the folder of another user: before anything is made in it. */
export function heldFolder(folder: string): HeldFolder {
  mustNotBeRootIn(folder)
  try {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found && !found.isDirectory())
      throw new StartError(PART, `${folder} is a file; a folder is wanted there.`)
    if (!found) mkdirSync(folder, { recursive: true, mode: 0o700 })
    mayUse(folder)
    if (existsSync(join(folder, RESTORE_MARK)))
      throw new StartError(
        PART,
        `a backup was not put back to its end in ${folder}. Empty the folder, and say cordon restore again.`,
      )
    // No file is made in these at a start, so a missing right would show only with the first large message or event.
    for (const inside of [join(folder, 'spool', 'bodies'), join(folder, 'journal')])
      if (statSync(inside, { throwIfNoEntry: false })?.isDirectory()) mayUse(inside)
    return {
      had: {
        ledger: hasContent(join(folder, 'ledger.db')),
        spool:
          hasContent(join(folder, 'spool', 'spool.db')) ||
          existsSync(join(folder, 'spool', 'bodies')) ||
          existsSync(join(folder, SPOOL_MARK)),
        journal: hasJournal(join(folder, 'journal')),
      },
      giveBack: holdFolder(folder),
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(PART, sentenceOf(error), { cause: error })
  }
}

const hasContent = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0

const hasJournal = (folder: string): boolean =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true &&
  readdirSync(folder).some(name => JOURNAL_FILE.test(name))

/** One sentence now, instead of another one for each file that cannot be made. */
function mayUse(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    const uid = process.geteuid?.()
    const owner = statSync(folder).uid
    if (owner === uid)
      throw new StartError(
        PART,
        `${folder} may not be written by its owner, user ${uid}, as which Cordon runs. Say "chmod u+rwx ${folder}".`,
        { cause: error },
      )
    throw new StartError(
      PART,
      `${folder} belongs to user ${owner}, and user ${uid}, as which Cordon runs, may not write there. Run it as the owner, or say "chown -R ${uid} ${folder}".`,
      { cause: error },
    )
  }
}
