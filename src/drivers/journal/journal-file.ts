// The journal on disk: every event as one line of JSON, one gzip file an hour, written once a second, kept seven
// days. `zcat` reads them. Bounded in memory: when the disk does not keep up, events are dropped and counted.

import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createGzip, type Gzip, constants } from 'node:zlib'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Event } from '../../model/event.ts'
import type { Journal } from '../../ports/journal.ts'

const KEPT = 7 * DAY
/** Bytes that may wait for the compressor and the disk. */
const MAX_WAITING = 32 * 1024 * 1024

/** Lines are compressed in blocks of this many characters: one call for each line would cost more than the line. */
const BLOCK = 64 * 1024

export type JournalFile = Journal & { close(): Promise<void> }

export function openJournal(folder: string): JournalFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  /** As text at once: objects that are kept for a second are copied by the garbage collector, again and again. */
  let lines = ''
  let last: Event | undefined
  let lost = 0
  let hour = -1
  let out: Gzip | undefined
  const ended: Promise<void>[] = []

  const put = () => {
    if (lines !== '') out?.write(lines)
    lines = ''
  }
  const finish = () => {
    if (!out) return
    put()
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
    if (lost > 0 && out && last) {
      const { at, seq } = last
      lines += `${JSON.stringify({ kind: 'journal-gap', id: 'gap', at, seq, lost })}\n`
      lost = 0
    }
    if (lines === '') return
    put()
    out?.flush(constants.Z_SYNC_FLUSH)
  }
  const timer = setInterval(flush, 1000)
  timer.unref()
  return {
    write: event => {
      if ((out?.writableLength ?? 0) > MAX_WAITING) return void lost++
      if (!out || Math.floor(event.at / HOUR) > hour) openHour(event.at)
      last = event
      lines += `${JSON.stringify(event)}\n`
      if (lines.length > BLOCK) put()
      return undefined
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
