// The folder that files are copied into: said in words where none can be made there, before anything is copied, and where there is no room.

import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes it (0700) where it is not there. Throws a sentence. */
export function makeFolder(folder: string): void {
  let above = folder
  while (!existsSync(above)) above = dirname(above)
  try {
    // Asked before: of a file system that is read-only mkdir says that the folder above does not exist.
    accessSync(above, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new Error(whyNot(folder, above, error as NodeJS.ErrnoException), { cause: error })
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

function whyNot(folder: string, above: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EROFS') return `${folder} is on a file system that is mounted read-only.`
  if (code !== 'EACCES') return `${folder}: ${message}.`
  return above === folder
    ? `${folder} may not be written by this user; check its owner and mode.`
    : `${folder} does not exist, and this user may not make it in ${above}. As root: install -d -o USER -m 700 ${folder}`
}

/** Runs what writes `path`: an error of a write does not name its file. */
export function withRoomFor<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // The latter is SQLite's.
    if (code === 'ENOSPC' || code === 'EDQUOT' || /database or disk is full/.test(message))
      throw new Error(`${path} does not fit: the file system is full. Nothing there is whole.`, {
        cause: error,
      })
    throw error
  }
}
