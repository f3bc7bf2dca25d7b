// The file of the configuration: checked before it has its name, never in place of another one, unless that is asked for and the other is kept.

import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { readConfiguration } from '../../app/configured-files.ts'
import { NotSo } from '../failures.ts'
import { type Machine, tryRead } from './machine.ts'

export type FileOptions = {
  readonly force: boolean
  /** Group that may read it; undefined: that of the user who writes it. */
  readonly group?: number | undefined
}

/** Path of the file that was there before, where it was kept. Throws NotSo where there is one already; ConfigError where the text cannot be used. */
export function writeConfiguration(
  file: string,
  text: string,
  { force, group }: FileOptions,
): string | undefined {
  const folder = dirname(file)
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    if (group !== undefined) chownSync(folder, 0, group)
  }
  const part = `${file}.new-${process.pid}`
  try {
    writeFileSync(part, text, { mode: 0o640, flag: 'wx' })
    chmodSync(part, 0o640)
    if (group !== undefined) chownSync(part, 0, group)
    readConfiguration(part)
    return put(part, file, force)
  } finally {
    rmSync(part, { force: true })
  }
}

/** Before anything is asked. Throws NotSo. */
export function mustBeWritable(file: string): void {
  let folder = dirname(file)
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new NotSo(
      `${file} cannot be written by this user. Run it as root, say --to FILE, or --trial for a Cordon to look at.`,
    )
  }
}

function put(part: string, file: string, force: boolean): string | undefined {
  if (force && existsSync(file)) {
    const kept = `${file}.${statSync(file)
      .mtime.toISOString()
      .replaceAll(/[^\dTZ]/g, '')}`
    copyFileSync(file, kept)
    renameSync(part, file)
    return kept
  }
  // A link is refused where there is a file by now.
  try {
    linkSync(part, file)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? isThere(file) : error
  }
  return undefined
}

const isThere = (file: string, advice = '') =>
  new NotSo(
    `${file} is there already. ${advice}--force writes a new one, and keeps that one beside it.`,
  )

/** So that no question is asked in vain. `advice`: a sentence and a space. Throws NotSo. */
export function mustBeNew(file: string, advice?: string): void {
  if (existsSync(file)) throw isThere(file, advice)
}

/** Number of the group `cordon`; undefined: there is none, or this is not root. */
export function groupOf(machine: Machine): number | undefined {
  const rows = tryRead(() => machine.read('/etc/group'))
  if (machine.user !== 0 || rows === undefined || 'why' in rows) return undefined
  const row = rows.is.split('\n').find(one => one.startsWith('cordon:'))
  return row === undefined ? undefined : Number(row.split(':')[2])
}
