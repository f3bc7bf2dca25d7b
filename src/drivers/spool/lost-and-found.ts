// Bodies without a row in the queue. One that never became whole is removed: its row comes after its last byte, so no client was told 250
// for it. A whole one may be mail that was taken (the queue was damaged, or came from an older backup), or what a crash left between
// the file and the row; it goes to lost-and-found/ and stays there until an operator removes it. Nothing is ever removed there: a crash
// adds what was being committed at that moment at most, and the number is told at every start and in the metrics.

import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UNFINISHED } from './draft.ts'

/** Bodies that were put into lost-and-found/ at this start. */
export type Swept = { readonly folder: string; readonly files: number; readonly bytes: number }

export async function sweepBodies(folder: string, wanted: ReadonlySet<string>): Promise<Swept> {
  const bodies = join(folder, 'bodies')
  const lost = lostAndFound(folder)
  let files = 0
  let bytes = 0
  for (const name of await readdir(bodies)) {
    const path = join(bodies, name)
    if (wanted.has(name)) continue
    if (name.endsWith(UNFINISHED)) {
      await rm(path, { force: true })
      continue
    }
    await mkdir(lost, { recursive: true, mode: 0o700 })
    bytes += (await stat(path)).size
    await rename(path, free(lost, name))
    files++
  }
  return { folder: lost, files, bytes }
}

/** How many bodies are kept. */
export async function countLost(folder: string): Promise<number> {
  const lost = lostAndFound(folder)
  return existsSync(lost) ? (await readdir(lost)).length : 0
}

const lostAndFound = (folder: string) => join(folder, 'lost-and-found')

/** Names begin with the process and the time, and both may come again. */
function free(folder: string, name: string): string {
  for (let i = 0; ; i++) {
    const path = join(folder, i === 0 ? name : `${name}.${i}`)
    if (!existsSync(path)) return path
  }
}
