// How far a log has been read: so far that it is found again after a restart, also under another name.

import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openRegularFile } from '../whole-file.ts'

export type LogPlace = {
  readonly inode: number
  /** Bytes that were read, up to the end of a line. */
  readonly offset: number
  /** Of that line: its bytes, at most `LONGEST_LINE` of them, and a hash of them. Absent before the first. */
  readonly last?: { readonly length: number; readonly hash: string }
}

/** Bytes. A longer line is not read: no program that is read here writes any. */
export const LONGEST_LINE = 64 * 1024

export const hashOfLine = (line: Uint8Array): string =>
  createHash('sha256').update(line).digest('base64').slice(0, 24)

/** The line before the place stands there still: by its inode alone a file is not known, for inodes are used again. */
export async function isAt(file: FileHandle, { inode, offset, last }: LogPlace): Promise<boolean> {
  const { size, ino } = await file.stat()
  if (size < offset) return false
  if (!last) return ino === inode
  const bytes = Buffer.alloc(last.length)
  const { bytesRead } = await file.read(bytes, 0, last.length, offset - last.length)
  return bytesRead === last.length && hashOfLine(bytes) === last.hash
}

export type OlderLog = { readonly path: string; readonly file: FileHandle }

/** Files that a rotation may look at in a folder. */
const MOST_BESIDE = 1000

/**
 * What was rotated since, oldest first: the one that has the place, and those that followed it. Empty: the place is in none that can be
 * read, also because it was compressed since. The caller closes them.
 */
export async function olderLogs(path: string, place: LogPlace): Promise<readonly OlderLog[]> {
  const found = await beside(path)
  const at = await placeIn(found, place)
  const since = at < 0 ? [] : found.slice(at)
  for (const { file } of at < 0 ? found : found.slice(0, at)) await file.close()
  return since
}

async function placeIn(found: readonly OlderLog[], place: LogPlace): Promise<number> {
  for (const [i, { file }] of found.entries()) if (await isAt(file, place)) return i
  return -1
}

/** Older files of the same log, oldest first by when they were last written. */
async function beside(path: string): Promise<readonly OlderLog[]> {
  const name = basename(path)
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [] as string[])
  const opened: (OlderLog & { readonly at: number })[] = []
  for (const one of names.filter(isOlder(name)).slice(0, MOST_BESIDE)) {
    const older = join(folder, one)
    const file = await openRegularFile(older).catch(() => undefined)
    if (file) opened.push({ path: older, file, at: (await file.stat()).mtimeMs })
  }
  return opened.toSorted((a, b) => a.at - b.at)
}

/** `mail.log.1`, `mail.log-20261128`; not what is compressed. */
const isOlder = (name: string) => (one: string) =>
  one !== name &&
  one.startsWith(name) &&
  /^[.-]/.test(one.slice(name.length)) &&
  !/\.(?:gz|xz|bz2|zst|lz4)$/.test(one)
