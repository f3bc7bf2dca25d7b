// Reads the journal's files, oldest first. A line that cannot be read (the last one, after a crash) is passed over, and so is the rest of
// a file that is torn; `unreadable` hears of the latter, because what was not read is not nothing.

import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { constants, createGunzip, createInflateRaw } from 'node:zlib'
import type { Event } from '../../model/event.ts'
import { inTodaysWords } from '../../model/former-words.ts'
import { hourOf, inOrder, JOURNAL_FILE, stampOf } from './journal-names.ts'

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
  for (const name of filesSince(folder, since)) {
    const path = join(folder, name)
    try {
      yield* readLines(path, { containing })
    } catch (error) {
      unreadable(path, error)
    }
  }
}

/** Files from the hour of `since` on, in the order in which they were written. Throws when there is no such folder. */
export function filesSince(folder: string, since: number): string[] {
  const oldest = stampOf(since)
  return inOrder(
    readdirSync(folder).filter(name => JOURNAL_FILE.test(name) && hourOf(name) >= oldest),
  )
}

export type Part = {
  readonly containing?: string
  /** Bytes of the file from a place where reading may begin up to another, or the end. */
  readonly from?: number
  readonly to?: number
}

/** Events of one file, or of a part of it. Throws when it is torn. */
export async function* readLines(
  path: string,
  { containing = '', from = 0, to }: Part,
): AsyncIterable<Event> {
  // The file of this hour is still being written: its end is where it ends.
  const options = { finishFlush: constants.Z_SYNC_FLUSH }
  const gunzip = from === 0 ? createGunzip(options) : createInflateRaw(options)
  const file = createReadStream(path, { start: from, ...(to === undefined ? {} : { end: to - 1 }) })
  file.on('error', error => gunzip.destroy(error)).pipe(gunzip)
  try {
    for await (const line of createInterface({
      input: gunzip,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const event = line.includes(containing) ? parsed(line) : undefined
      if (event) yield event
    }
  } finally {
    file.destroy()
    gunzip.destroy()
  }
}

function parsed(line: string): Event | undefined {
  try {
    return JSON.parse(inTodaysWords(line)) as Event
  } catch {
    return undefined
  }
}
