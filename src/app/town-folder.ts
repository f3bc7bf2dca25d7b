// The data folder of a town (`cordon neighbourhood`) is emptied at each of its starts, so it carries a mark: the file `neighbourhood`, written
// when the town made the folder. A folder without it holds a provider's mail and is left as it is; in one with it no other Cordon starts.

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SPOOL_MARK } from '../drivers/spool/spool-mark.ts'
import { ConfigError } from '../model/errors.ts'
import { heldFolder } from './data-folder.ts'
import { mustNotBeRootIn } from './folder-owner.ts'

export const TOWN_MARK = 'neighbourhood'
export const TOWN_WORDS =
  'The data folder of "cordon neighbourhood" (npm start). It is emptied at every start of it.\n'

const EMPTIED = [
  'ledger.db',
  'counters.db',
  'spool',
  SPOOL_MARK,
  'mailboxes',
  'journal',
  'event-index.db',
]

/**
 * Makes the folder, or empties what an earlier town left: yesterday's town would be learnt as habits of its customers. A running one keeps
 * it. Throws ConfigError, and has touched nothing, when the folder is not a town's.
 */
export function emptyTownFolder(folder: string): void {
  mustNotBeRootIn(folder)
  mustBeTownsOrEmpty(folder)
  const held = heldFolder(folder)
  try {
    // Once more, now that no other Cordon can come in: what began meanwhile is not ours either.
    mustBeTownsOrEmpty(folder)
    if (!isTowns(folder)) writeFileSync(join(folder, TOWN_MARK), TOWN_WORDS, { flag: 'wx' })
    for (const part of EMPTIED)
      for (const tail of ['', '-wal', '-shm'])
        rmSync(join(folder, `${part}${tail}`), { recursive: true, force: true })
  } finally {
    held.giveBack()
  }
}

/** Throws ConfigError: mail that is kept there would be lost at the next `npm start`. */
export function mustNotBeTowns(folder: string): void {
  if (!isTowns(folder)) return
  throw new ConfigError(
    'dataFolder',
    `${folder} is the folder of a "cordon neighbourhood", which empties it at every start`,
    'Give Cordon a folder of its own.',
  )
}

function mustBeTownsOrEmpty(folder: string): void {
  if (isTowns(folder) || isEmpty(folder)) return
  throw new ConfigError(
    '--data',
    `${folder} is not the folder of a "cordon neighbourhood", which would empty it; nothing in it was touched`,
    'Name a folder that is not there yet, or one that an earlier neighbourhood made.',
  )
}

/** A folder whose mark cannot be read counts as none; the code that then opens the folder says why not. */
function isTowns(folder: string): boolean {
  try {
    return readFileSync(join(folder, TOWN_MARK), 'utf8') === TOWN_WORDS
  } catch {
    return false
  }
}

/** Or with nothing but a lock, as a start leaves it that was ended in its first moment. */
function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).every(name => name === 'lock.db')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
