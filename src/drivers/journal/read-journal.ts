// Reads the journal's files, oldest first. A line that cannot be read (the last one, after a crash) is passed over, and so is the rest of
// a file that is torn; `unreadable` hears of the latter, because what was not read is not nothing.

import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { constants, createGunzip } from 'node:zlib'
import type { Event } from '../../model/event.ts'
import { inOrder, JOURNAL_FILE, stampOf } from './journal-names.ts'

export type ReadOptions = {
  /** Only events that have this text in them. */
  readonly containing?: string
  /** Told of a file whose end cannot be read. */
  readonly unreadable?: (file: string, error: unknown) => void
}

/** Events from the hour of `since` on. Throws when there is no such folder. */
export async function* readJournal(
  folder: string,
  since: number,
  { containing = '', unreadable = () => undefined }: ReadOptions = {},
): AsyncIterable<Event> {
  const oldest = stampOf(since)
  const files = readdirSync(folder).filter(
    name => JOURNAL_FILE.test(name) && name.slice(0, oldest.length) >= oldest,
  )
  for (const name of inOrder(files)) {
    const path = join(folder, name)
    try {
      yield* readFile(path, containing)
    } catch (error) {
      unreadable(path, error)
    }
  }
}

async function* readFile(path: string, containing: string): AsyncIterable<Event> {
  // The file of this hour is still being written: its end is where it ends.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  const file = createReadStream(path)
  file.on('error', error => gunzip.destroy(error)).pipe(gunzip)
  for await (const line of createInterface({
    input: gunzip,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const event = line.includes(containing) ? parsed(line) : undefined
    if (event) yield event
  }
}

function parsed(line: string): Event | undefined {
  try {
    return JSON.parse(line) as Event
  } catch {
    return undefined
  }
}
