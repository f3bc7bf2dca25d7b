// Writes the list as files for other programs. Each file is there whole or as it was before; list.json is written last and says of every
// other which content belongs to its serial. A long list is written piece by piece, and the engine's thread goes on between them.

import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListSnapshot } from '../../model/listed-now.ts'
import { LIST_FORMATS, type ListNames } from './formats.ts'

export type ListFiles = { write(at: number): Promise<void> }

/** Characters that are written at once. */
const PIECE = 64 * 1024
/** Other programs read them. */
const MODE = 0o644

export function listFiles(
  names: ListNames & { readonly folder: string },
  list: { readonly serial: number; snapshot(): ListSnapshot },
): ListFiles {
  const { folder } = names
  let written: number | undefined
  return {
    write: async at => {
      if (written === list.serial) return
      await mkdir(folder, { recursive: true })
      const snapshot = list.snapshot()
      const files: Record<string, string> = {}
      for (const { file, lines } of LIST_FORMATS)
        files[file] = await writeLines(join(folder, file), lines(snapshot, names))
      await writeLines(join(folder, 'list.json'), json(snapshot, { at, zone: names.zone, files }))
      written = snapshot.serial
    },
  }
}

type About = { readonly at: number; readonly zone: string; readonly files: object }

/** One entry on a line, so that a long list need not be in memory as text. */
function* json(list: ListSnapshot, { at, zone, files }: About): Iterable<string> {
  const { serial, spared, domains, consumers, exempt } = list
  const time = new Date(at).toISOString()
  const head = { serial, zone, at: time, sha256: files, domains, consumers, exempt, spared }
  yield `${JSON.stringify(head).slice(0, -1)},"entries":[`
  let before = ''
  for (const { prefix, as, since: at, entry } of list.entries()) {
    if (before !== '') yield `${before},`
    before = JSON.stringify({ prefix, as, since: new Date(at).toISOString(), entry })
  }
  if (before !== '') yield before
  yield ']}'
}

/** Resolves with the SHA-256 of what is in it. */
async function writeLines(path: string, lines: Iterable<string>): Promise<string> {
  const beside = `${path}.new`
  await rm(beside, { force: true })
  const file = await open(beside, 'wx', MODE)
  const hash = createHash('sha256')
  try {
    try {
      let piece = ''
      const flush = async () => {
        hash.update(piece)
        await file.writeFile(piece)
        piece = ''
      }
      for (const line of lines) {
        piece += `${line}\n`
        if (piece.length >= PIECE) await flush()
      }
      await flush()
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  return hash.digest('hex')
}
