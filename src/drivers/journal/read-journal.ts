// Reads the journal's files, oldest first. A line that cannot be read (the last one, after a crash) is passed over.

import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { constants, createGunzip } from 'node:zlib'
import type { Event } from '../../model/event.ts'

/** Events from the hour of `since` on; with `containing` only those that have this text in them. Throws when there is no such folder. */
export async function* readJournal(
  folder: string,
  since: number,
  containing = '',
): AsyncIterable<Event> {
  const oldest = new Date(since).toISOString().slice(0, 13).replace(/[-T]/g, '')
  const files = readdirSync(folder)
    .filter(name => /^\d{10}\.jsonl\.gz$/.test(name) && name.slice(0, 10) >= oldest)
    .toSorted()
  for (const name of files) yield* readFile(join(folder, name), containing)
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
