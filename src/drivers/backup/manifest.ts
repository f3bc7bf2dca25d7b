// What is in a backup: every file with its size and SHA-256. It is written last, so a backup that was not finished has none.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { wholeFileNow } from '../../wire/whole-file.ts'
import { writeWhole } from '../write-whole.ts'

const MANIFEST = 'backup.json'
/** In the folder of the backup: what is put back. */
export const FILES = 'files'
const FORMAT = 1
/** Bytes of a list of some ten million files. */
const LARGEST = 2 ** 31

const backedUp = z.object({
  /** Inside the data folder, with `/`. */
  path: z.string().refine(isInside),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackedUp = z.output<typeof backedUp>

const manifest = z.object({
  format: z.literal(FORMAT),
  /** Of the Cordon that made it. */
  version: z.string(),
  /** ms since 1970: what was acknowledged before is in it, or had been delivered. */
  at: z.number(),
  files: z.array(backedUp),
  /** SHA-256 of the JSON of all the rest. */
  digest: z.string(),
})
export type Manifest = Omit<z.output<typeof manifest>, 'digest' | 'format'>

function isInside(path: string): boolean {
  return !path.startsWith('/') && path.split('/').every(part => !['', '.', '..'].includes(part))
}

export function writeManifest(folder: string, { version, at, files }: Manifest): void {
  const rest = { format: FORMAT, version, at, files }
  writeWhole(join(folder, MANIFEST), `${JSON.stringify({ ...rest, digest: digestOf(rest) })}\n`)
}

/** Throws a sentence where there is none, or it is damaged, or a later Cordon's. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST)
  const parsed = manifest.safeParse(jsonIn(path))
  if (!parsed.success) throw new Error(`${path} is damaged, or a later Cordon wrote it.`)
  const { digest, ...rest } = parsed.data
  const { format, version, at, files } = rest
  if (digest !== digestOf({ format, version, at, files })) throw new Error(`${path} is damaged.`)
  return { version, at, files }
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(wholeFileNow(path, LARGEST).bytes.toString('utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`there is no ${path}: that is no backup, or one that was not finished.`, {
        cause: error,
      })
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const digestOf = (rest: unknown): string =>
  createHash('sha256').update(JSON.stringify(rest)).digest('hex')
