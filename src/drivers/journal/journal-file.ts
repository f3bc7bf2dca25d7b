// The journal on disk: every event as one line of JSON, one gzip file an hour, written once a second, kept seven
// days. `zcat` reads them. Bounded in memory: when the disk does not keep up, events are dropped and counted.

import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createGzip, type Gzip, constants } from 'node:zlib'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Event } from '../../model/event.ts'
import type { Journal } from '../../ports/journal.ts'

const KEPT = 7 * DAY
/** Events that may wait for the disk: some 30 MB. */
const MAX_WAITING = 50_000

/** Lines are compressed in blocks of this many characters: one call for each line would cost more than the line. */
const BLOCK = 64 * 1024

export type JournalFile = Journal & { close(): Promise<void> }

export function openJournal(folder: string): JournalFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let waiting: Event[] = []
  let lost = 0
  let hour = -1
  let out: Gzip | undefined
  const ended: Promise<void>[] = []

  const finish = () => {
    if (!out) return
    const stream = out
    ended.push(new Promise(resolve => stream.end(() => resolve())))
    out = undefined
  }
  const openHour = (at: number) => {
    finish()
    hour = Math.floor(at / HOUR)
    const stamp = new Date(hour * HOUR).toISOString().slice(0, 13).replace(/[-T]/g, '')
    // A restart within the hour appends a second gzip member, which every gzip reader understands.
    const gzip = createGzip({ level: 1 })
    const file = createWriteStream(join(folder, `${stamp}.jsonl.gz`), { flags: 'a', mode: 0o600 })
    file.on('error', () => gzip.destroy())
    gzip.on('error', () => undefined)
    gzip.pipe(file)
    out = gzip
    sweep(folder, at)
  }
  const flush = () => {
    const events = waiting
    waiting = []
    let lines = ''
    const put = () => {
      if (lines !== '') out?.write(lines)
      lines = ''
    }
    for (const event of events) {
      if (!out || Math.floor(event.at / HOUR) > hour) {
        put()
        openHour(event.at)
      }
      lines += `${JSON.stringify(event)}\n`
      if (lines.length > BLOCK) put()
    }
    put()
    if (lost > 0 && out) {
      const last = events.at(-1)
      out.write(
        `${JSON.stringify({ kind: 'journal-gap', id: 'gap', at: last?.at ?? 0, seq: last?.seq ?? 0, lost })}\n`,
      )
      lost = 0
    }
    if (events.length > 0) out?.flush(constants.Z_SYNC_FLUSH)
  }
  const timer = setInterval(flush, 1000)
  timer.unref()
  return {
    write: event => {
      if (waiting.length < MAX_WAITING) waiting.push(event)
      else lost++
    },
    close: async () => {
      clearInterval(timer)
      flush()
      finish()
      await Promise.all(ended)
    },
  }
}

function sweep(folder: string, now: number): void {
  const oldest = new Date(now - KEPT).toISOString().slice(0, 13).replace(/[-T]/g, '')
  for (const name of readdirSync(folder)) {
    if (/^\d{10}\.jsonl\.gz$/.test(name) && name.slice(0, 10) < oldest)
      rmSync(join(folder, name), { force: true })
  }
}
