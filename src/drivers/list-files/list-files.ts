// Writes the list as files for other programs. Each file is there whole or as it was before; list.json is written last and says of every
// other which content belongs to its serial. A long list is written piece by piece, and the engine's thread goes on between them.

import { createHash } from 'node:crypto'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ListSnapshot } from '../../model/listed-now.ts'
import { LIST_FORMATS, type ListNames } from './formats.ts'

export type ListFiles = { write(at: number): Promise<void> }

/** Characters that are written at once. */
const PIECE = 64 * 1024
/** Written after all others. */
const LAST = 'list.json'
/** Other programs read them, as other users; what we write else is for us alone (umask). */
const MODE = 0o644
const FOLDER_MODE = 0o755

export function listFiles(
  names: ListNames & { readonly folder: string },
  list: { readonly serial: number; snapshot(): ListSnapshot; notBefore(serial: number): void },
): ListFiles {
  const { folder } = names
  let written: number | undefined
  return {
    write: async at => {
      if (written === list.serial) return
      await makeFolder(folder)
      if (written === undefined) list.notBefore(await serialIn(join(folder, LAST)))
      const snapshot = list.snapshot()
      const files: Record<string, string> = {}
      for (const { file, lines } of LIST_FORMATS)
        files[file] = await writeLines(join(folder, file), lines(snapshot, names))
      await writeLines(join(folder, LAST), json(snapshot, { at, zone: names.zone, files }))
      written = snapshot.serial
    },
  }
}

/** One that is there has the mode that its owner gave it. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first !== undefined) await openUp(folder, first)
}

async function openUp(folder: string, first: string): Promise<void> {
  await chmod(folder, FOLDER_MODE)
  if (folder.length > first.length) await openUp(dirname(folder), first)
}

/** Of the files that are there: a secondary that has them takes no lower one. */
async function serialIn(path: string): Promise<number> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return 0
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0)
    return Number(/^\{"serial":(\d{1,10}),/.exec(buffer.toString('latin1', 0, bytesRead))?.[1] ?? 0)
  } finally {
    await file.close()
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
      await file.chmod(MODE)
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
