// Puts a backup into an empty data folder. What says that there was a queue and a ledger is put back first, these two last: Cordon refuses to start in
// a folder where that was not finished.

import {
  chownSync,
  existsSync,
  lstatSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { SPOOL_MARK } from '../spool/spool-mark.ts'
import { makeFolder, withRoomFor } from './backup-folder.ts'
import { copyFile, syncFolder } from './copy-file.ts'
import { type BackedUp, FILES } from './manifest.ts'
import { writeWhole } from '../write-whole.ts'
import { RESTORED, RESTORE_MARK } from './restore-mark.ts'
import { verifyBackup } from './verify-backup.ts'

const FIRST: readonly string[] = [SPOOL_MARK]
const LAST: readonly string[] = ['ledger.db', 'spool/spool.db']

export type Restored = {
  readonly at: number
  readonly files: number
  readonly bytes: number
  /** Number of the user whose the folder is. */
  readonly owner: number
}

/**
 * `data` is made, or is an empty folder, whose owner then owns what is put back. Throws a sentence, and has put back nothing, where the backup is damaged
 * or the folder is not empty.
 */
export function restoreBackup(from: string, data: string): Restored {
  const { manifest, faults } = verifyBackup(from)
  if (faults.length > 0)
    throw new Error(`${from} is damaged, and nothing was put back. ${faults.join('; ')}`)
  if (existsSync(data) && readdirSync(data).some(name => name !== 'lost+found'))
    throw new Error(`${data} is not empty. Move away what is in it first.`)
  makeFolder(data)
  const { uid, gid } = statSync(data)
  const folders = new Set([data])
  const mark = join(data, RESTORE_MARK)
  withRoomFor(mark, () => writeFileSync(mark, `of ${from}\n`, { mode: 0o600 }))
  syncFolder(data)
  for (const { path, sha256 } of inOrder(manifest.files)) {
    const to = join(data, path)
    const copied = withRoomFor(to, () => copyFile(join(from, FILES, path), to))
    if (copied.sha256 !== sha256) throw new Error(`${from} changed while it was put back: ${path}`)
    for (let inside = dirname(to); inside.length > data.length; inside = dirname(inside))
      folders.add(inside)
    give(to, uid, gid)
  }
  const restored = join(data, RESTORED)
  withRoomFor(restored, () => writeWhole(restored, JSON.stringify({ at: Date.now() })))
  give(restored, uid, gid)
  for (const folder of folders) {
    give(folder, uid, gid)
    syncFolder(folder)
  }
  rmSync(mark)
  syncFolder(data)
  const bytes = manifest.files.reduce((sum, one) => sum + one.bytes, 0)
  return { at: manifest.at, files: manifest.files.length, bytes, owner: uid }
}

/** Root puts it back for the user of Cordon. */
function give(path: string, uid: number, gid: number): void {
  const now = lstatSync(path)
  if (now.uid !== uid || now.gid !== gid) chownSync(path, uid, gid)
}

function inOrder(files: readonly BackedUp[]): BackedUp[] {
  const rank = ({ path }: BackedUp) =>
    FIRST.includes(path) ? -1 : LAST.includes(path) ? 1 + LAST.indexOf(path) : 0
  return files.toSorted((one, other) => rank(one) - rank(other))
}
