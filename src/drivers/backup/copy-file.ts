// Copies one file so that it is on disk, and says what was copied.

import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

const CHUNK = 1024 * 1024

export type CopiedFile = { readonly bytes: number; readonly sha256: string }

/**
 * Makes the folders above it (0700) and the file (0600). Of a file that grows meanwhile only what was in it at first is copied. Throws where
 * `to` exists, and leaves nothing half-written behind.
 */
export function copyFile(from: string, to: string): CopiedFile {
  const source = openSync(from, 'r')
  try {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    const target = openSync(to, 'wx', 0o600)
    try {
      const copied = pour(source, target)
      fsyncSync(target)
      return copied
    } catch (error) {
      rmSync(to, { force: true })
      throw error
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
}

/** As `digestOfFile`, of a file that another library wrote (SQLite does not sync what it vacuums into): it is on disk then. */
export function digestOnDisk(path: string): CopiedFile {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
    return pour(file, undefined)
  } finally {
    closeSync(file)
  }
}

/** What a file has, and its SHA-256. */
export function digestOfFile(path: string): CopiedFile {
  const file = openSync(path, 'r')
  try {
    return pour(file, undefined)
  } finally {
    closeSync(file)
  }
}

function pour(source: number, target: number | undefined): CopiedFile {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK)
  const { size } = fstatSync(source)
  let bytes = 0
  while (bytes < size) {
    const read = readSync(source, chunk, 0, Math.min(CHUNK, size - bytes), bytes)
    if (read === 0) break
    const part = chunk.subarray(0, read)
    hash.update(part)
    if (target !== undefined) writeAll(target, part)
    bytes += read
  }
  return { bytes, sha256: hash.digest('hex') }
}

function writeAll(target: number, part: Uint8Array): void {
  let written = 0
  while (written < part.length) written += writeSync(target, part, written)
}

/** So that names in it are on disk, too. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
