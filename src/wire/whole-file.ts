// Files that the configuration names, read to their end. What is no regular file is refused at once: a pipe would be waited for, by this
// thread or by one of the few that Node has for files, and a device has no end. The one place where such files are opened.

import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'

export type ReadFile = {
  readonly bytes: Buffer
  /** Differs when the file was changed or replaced. */
  readonly mark: string
}

/** Of files with no other bound: certificates, tables. */
const MOST = 64 * 1024 * 1024
/** A program that opens a pipe waits for its writer, but for this. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK

/** In this thread, for files that are small or read before mail comes. Throws a sentence; also of one with more than so many bytes. */
export function wholeFileNow(path: string, most = MOST): ReadFile {
  const file = openRegular(path)
  try {
    const found = fstatSync(file)
    const bytes = Buffer.allocUnsafe(roomFor(path, found, most))
    let size = 0
    for (let read = -1; read !== 0; size += read)
      read = size < bytes.length ? readSync(file, bytes, size, bytes.length - size, size) : 0
    return { bytes: whole(path, bytes, size), mark: fileMark(found) }
  } finally {
    closeSync(file)
  }
}

/** Likewise, while other work goes on. */
export async function wholeFile(path: string, most = MOST): Promise<ReadFile> {
  const file = await openRegularFile(path)
  try {
    const found = await file.stat()
    const bytes = Buffer.allocUnsafe(roomFor(path, found, most))
    let size = 0
    for (let read = -1; read !== 0; size += read)
      read =
        size < bytes.length
          ? (await file.read(bytes, size, bytes.length - size, size)).bytesRead
          : 0
    return { bytes: whole(path, bytes, size), mark: fileMark(found) }
  } finally {
    await file.close()
  }
}

/** A descriptor to read from, which the caller closes. */
export function openRegular(path: string): number {
  mustBeFile(path, statSync(path))
  const file = openSync(path, FLAGS)
  try {
    // It may have been replaced in between.
    mustBeFile(path, fstatSync(file))
    return file
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** Likewise, while other work goes on. */
export async function openRegularFile(path: string): Promise<FileHandle> {
  mustBeFile(path, await stat(path))
  const file = await open(path, FLAGS)
  try {
    mustBeFile(path, await file.stat())
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

function mustBeFile(path: string, found: Stats): void {
  if (found.isFile()) return
  const what = found.isDirectory()
    ? 'is a folder; a file is wanted there'
    : 'is no regular file, but a pipe or a device'
  throw new Error(`${path} ${what}`)
}

function roomFor(path: string, { size }: Stats, most: number): number {
  if (size > most) throw new Error(`${path} is too large (more than ${most} bytes)`)
  // One more byte tells whether it grew while it was read.
  return size + 1
}

function whole(path: string, bytes: Buffer, size: number): Buffer {
  if (size === bytes.length) throw new Error(`${path} grew while it was read`)
  return bytes.subarray(0, size)
}

/** Of what the file system says of it. */
export const fileMark = ({ mtimeMs, ctimeMs, size, ino, dev }: Stats): string =>
  `${mtimeMs} ${ctimeMs} ${size} ${ino} ${dev}`
