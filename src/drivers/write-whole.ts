// Writes a file so that it is there whole or not at all, whenever the power goes: beside its place first, then under its name.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Mode 0600. Throws, and leaves nothing behind, when it cannot be written. */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.new`
  rmSync(beside, { force: true })
  try {
    const file = openSync(beside, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
