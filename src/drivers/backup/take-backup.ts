// Copies a data folder, also that of a Cordon that runs. Each database is copied as it is at one moment; the queue first, then the bodies that it
// names, the mailboxes and all else. So mail that was acknowledged before is in the copy, or had gone before; what goes while the copy is made may be in it
// twice: as a message that waits and in its mailbox.

import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder, withRoomFor } from './backup-folder.ts'
import { copyFile, digestOnDisk, syncFolder } from './copy-file.ts'
import { type BackedUp, FILES, writeManifest } from './manifest.ts'
import { RESTORE_MARK } from './restore-mark.ts'

export type BackupParts = {
  /** The data folder. */
  readonly data: string
  /** Made; a folder in its place must be empty. */
  readonly to: string
  readonly version: string
  readonly now: () => number
  /** Called when the databases are copied, and the bodies are not. */
  readonly copied?: () => void
}

const QUEUE = 'spool/spool.db'
/** The queue first; the ledger after it, so that each case of a message is in it. */
const DATABASES = [QUEUE, 'ledger.db', 'counters.db']
/** Of a running Cordon, or made anew from the journal. */
const LEFT_OUT = /^(?:lock\.db|event-index\.db|control\.sock|spool\/bodies)$|-(?:wal|shm|journal)$/
/** Files that are not whole yet (spool/draft.ts, write-whole.ts, Maildir). */
const UNFINISHED = /\.(?:part|new)$/
/** A file that has another name by now is looked for so often. */
const LOOKS = 5

/** Throws a sentence where there is no data, or where it cannot be written; then there is no manifest. */
export function takeBackup({ data, to, version, now, copied }: BackupParts): {
  readonly files: number
  readonly bytes: number
} {
  if (!existsSync(join(data, 'ledger.db')))
    throw new Error(`${data} is no data folder of Cordon: there is no ledger.db in it.`)
  if (existsSync(join(data, RESTORE_MARK)))
    throw new Error(
      `a backup was not put back to its end in ${data}: there is nothing whole in it.`,
    )
  makeFolder(to)
  if (readdirSync(to).length > 0) throw new Error(`${to} is not empty.`)
  const at = now()
  const target = join(to, FILES)
  const databases = DATABASES.filter(path => existsSync(join(data, path)))
  for (const path of databases) copyDatabase(data, target, path)
  copied?.()
  // Before the digests: rows of the copied queue go where a body has gone.
  const bodies = databases.includes(QUEUE) ? copyBodies(data, target) : []
  const files: BackedUp[] = [
    ...databases.map(path => ({ path, ...digestOnDisk(join(target, path)) })),
    ...bodies,
    ...copyFolder({ data, target }, ''),
  ]
  for (const folder of new Set([target, ...files.map(one => join(target, one.path, '..'))]))
    syncFolder(folder)
  withRoomFor(to, () => writeManifest(to, { version, at, files }))
  return { files: files.length, bytes: files.reduce((sum, one) => sum + one.bytes, 0) }
}

/** As it is at one moment: VACUUM INTO reads in one transaction, and writers go on. */
function copyDatabase(data: string, target: string, path: string): void {
  const to = join(target, path)
  mkdirSync(join(to, '..'), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(data, path), { timeout: 5000 })
  try {
    withRoomFor(to, () => database.prepare('VACUUM INTO ?').run(to))
  } finally {
    database.close()
  }
}

/** A body that is gone was delivered after its row was copied, and its message goes out of the copy. */
function copyBodies(data: string, target: string): BackedUp[] {
  const copy = new DatabaseSync(join(target, QUEUE))
  const live = new DatabaseSync(join(data, QUEUE), { timeout: 5000 })
  try {
    const rows = copy.prepare('SELECT id, file FROM message WHERE file IS NOT NULL').all()
    return rows.flatMap(({ id, file }) => {
      const path = `spool/bodies/${String(file)}`
      try {
        return [{ path, ...copyInto(data, target, path) }]
      } catch (error) {
        if (!isGone(error)) throw error
        // One that is missing in the queue itself stays a fault that the start of the copy says.
        const isStillThere = live.prepare('SELECT 1 FROM message WHERE id = ?').get(id as string)
        if (!isStillThere)
          for (const table of ['recipient WHERE message', 'message WHERE id'])
            copy.prepare(`DELETE FROM ${table} = ?`).run(id as string)
        return []
      }
    })
  } finally {
    copy.close()
    live.close()
  }
}

type Folders = { readonly data: string; readonly target: string }

/** Everything else in a folder of the data folder, `''` for itself. `had`: names of files that need no copy. */
function copyFolder(place: Folders, folder: string, had = new Set<string>()): BackedUp[] {
  const copied: BackedUp[] = []
  const done = new Set<string>()
  for (let look = 0; look < LOOKS; look++) {
    const entries = readdirSync(join(place.data, folder), { withFileTypes: true })
    const isMaildir = ['new', 'cur', 'tmp'].every(name => entries.some(one => one.name === name))
    // A message that is moved from `new` to `cur` in between is found there, and is in the copy once.
    const sharing = isMaildir ? new Set<string>() : undefined
    let isComplete = true
    for (const entry of entries.toSorted((one, other) => compare(other.name, one.name))) {
      const { name } = entry
      const path = folder === '' ? name : `${folder}/${name}`
      if (isLeftOut(path) || (isMaildir && name === 'tmp') || done.has(name)) continue
      if (entry.isDirectory()) copied.push(...copyFolder(place, path, sharing))
      else if (entry.isFile() && !had.has(nameOf(name))) {
        const one = copyUnlessGone(place, path)
        if (!one) {
          isComplete = false
          continue
        }
        copied.push(one)
        had.add(nameOf(name))
      }
      done.add(name)
    }
    if (isComplete) break
  }
  return copied
}

const compare = (one: string, other: string) => (one < other ? -1 : 1)
/** Without the flags of a message that was read. */
const nameOf = (name: string): string => name.split(':2,', 1)[0] as string
const isLeftOut = (path: string): boolean =>
  LEFT_OUT.test(path) ||
  DATABASES.includes(path) ||
  (!path.startsWith('mailboxes/') && UNFINISHED.test(path))

function copyUnlessGone({ data, target }: Folders, path: string): BackedUp | undefined {
  try {
    return { path, ...copyInto(data, target, path) }
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

const copyInto = (data: string, target: string, path: string) =>
  withRoomFor(join(target, path), () => copyFile(join(data, path), join(target, path)))

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'
