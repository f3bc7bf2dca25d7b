// Whether the queue that is found is the one that this data folder had: an empty folder looks like a queue without mail, and it is what is
// found where a file system was not mounted. The same name, made at random, stands in both folders.

import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { wholeFileNow } from '../../wire/whole-file.ts'
import { randomLetters } from '../names/random-names.ts'
import { writeWhole } from '../write-whole.ts'
import { QUEUE_PAGE } from './sound-spool.ts'

/** In the data folder: the name of its queue. */
export const SPOOL_MARK = 'spool-id'
/** In the folder of the queue: its name. */
const NAME = 'id'
/** An empty file of this name in the folder of the queue lets an empty one be begun, once. */
const BEGIN_ANEW = 'begin-anew'

export type SpoolMark = {
  /** The file in the data folder. */
  readonly file: string
  /** There was a queue in this data folder, also where nothing has marked it yet. */
  readonly inUse: boolean
}

/** Throws a sentence, and has changed nothing, when there was a queue and it is not here, or this one is of another data folder. */
export function spoolIsOurs(folder: string, { file, inUse }: SpoolMark): void {
  const ours = nameIn(file)
  const found = nameIn(join(folder, NAME))
  if (isEmpty(folder)) {
    if ((!existsSync(file) && !inUse) || existsSync(join(folder, BEGIN_ANEW))) return
    throw new Error(
      `${folder} is empty or missing, but this data folder had a queue, and mail that was acknowledged may be in it. Is its file system mounted? Put it back; or, to begin with an empty queue, make the folder and an empty file ${join(folder, BEGIN_ANEW)}. ${QUEUE_PAGE}`,
    )
  }
  if (ours !== undefined && found !== undefined && ours !== found)
    throw new Error(
      `${folder} is the queue of another data folder. Put the right one there; or, if this one is meant, remove ${file}. ${QUEUE_PAGE}`,
    )
}

/** Names a queue that has none, and writes it down in the data folder. */
export function markSpool(folder: string, { file }: SpoolMark): void {
  const inside = join(folder, NAME)
  const found = nameIn(inside)
  const ours = nameIn(file)
  const isAnew = existsSync(join(folder, BEGIN_ANEW))
  const name = found ?? (isAnew ? undefined : ours) ?? randomLetters(LETTERS).toLowerCase()
  if (found !== name) writeWhole(inside, `${name}\n`)
  if (ours !== name) writeWhole(file, `${name}\n`)
  rmSync(join(folder, BEGIN_ANEW), { force: true })
}

const LETTERS = 16

/** What was cut short is no name. */
function nameIn(file: string): string | undefined {
  const text = existsSync(file) ? wholeFileNow(file).bytes.toString('utf8').trim() : ''
  return /^[0-9a-z]{16}$/.test(text) ? text : undefined
}

/** Nothing in it of a queue but perhaps its name; `lost+found` is of a file system. */
function isEmpty(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return !found
  return ['spool.db', 'spool.db-wal', 'bodies'].every(name => !existsSync(join(folder, name)))
}
