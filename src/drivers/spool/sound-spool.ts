// Is the queue what it was when it was left? Asked before it is opened, because an empty or damaged queue looks like one without mail,
// and then what was in it would not be missed.

import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkFile } from '../sqlite/check-file.ts'

export const QUEUE_PAGE = 'docs/operations.md says what can be done ("The queue is damaged").'
/** The check only reads. */
const QUEUE_HELP = `Nothing was changed; ${QUEUE_PAGE}`

/** Throws a sentence when the queue was in use and is damaged, empty or gone. */
export async function soundSpool(folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = checkFile(path, ['message'])
  if (found.state === 'damaged') throw new Error(`${path} is damaged (${found.why}). ${QUEUE_HELP}`)
  const bodies = join(folder, 'bodies')
  if (found.state === 'none' && existsSync(bodies))
    throw new Error(
      `${path} is empty or missing, but there was a queue: ${bodies} is still there. ${QUEUE_HELP}`,
    )
}

/** The folder for large bodies; made after the queue, so that a folder without a queue always means that one was lost. */
export async function makeBodies(folder: string): Promise<void> {
  await mkdir(join(folder, 'bodies'), { recursive: true, mode: 0o700 })
}
