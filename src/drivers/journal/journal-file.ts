// The journal on disk: every event as one line of JSON, gzip files of an hour each, written once a second, kept seven days. `zcat`
// reads them. Bounded in memory: when the disk does not keep up, or takes nothing, events are dropped and counted, and a `journal-gap`
// says so as soon as something can be written again.

import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DAY, HOUR, SECOND } from '../../model/duration.ts'
import type { Event } from '../../model/event.ts'
import type { Journal } from '../../ports/journal.ts'
import { keysOf } from './event-keys.ts'
import { JOURNAL_FILE, stampOf } from './journal-names.ts'
import { type Block, type JournalPart, openPart } from './journal-part.ts'

/** How long a file of the journal is kept, ms. */
const KEPT = 7 * DAY
/** Bytes that may wait for the compressor and the disk. */
const MAX_WAITING = 32 * 1024 * 1024
/** Lines are compressed in blocks of this many characters: one call for each line would cost more than the line. */
const BLOCK = 64 * 1024
/** After a file that could not be written another one is begun, later and later: a full disk is no reason to fill it with files. */
const FIRST_WAIT = SECOND
const LONGEST_WAIT = 60 * SECOND

export type JournalFile = Journal & { close(): Promise<void> }

export type JournalOptions = {
  readonly trouble?: (error: unknown, about: string) => void
  /** The clock of the machine, not of the events: for how long the disk has been out of order. */
  readonly now?: () => number
  /** Hears what was written, and of which hours the files are gone. */
  readonly index?: {
    readonly add: (block: Block) => void
    /** Forgets all blocks older than this stamp. */
    drop(oldest: string): void
  }
}

export function openJournal(folder: string, options: JournalOptions = {}): JournalFile {
  const { trouble = () => undefined, now = Date.now, index } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  /** As text at once: objects that are kept for a second are copied by the garbage collector, again and again. */
  let lines = ''
  /** Events in `lines`. */
  let waiting = 0
  let last: Event | undefined
  let lost = 0
  let hour = -1
  let part: JournalPart | undefined
  let wait = FIRST_WAIT
  let notBefore = 0
  const ended: Promise<unknown>[] = []
  /** What comes now would begin a file that is never ended, and tell an index of it that is closed; the log has it. */
  let isClosed = false

  const put = () => {
    if (lines !== '') part?.write(lines, waiting)
    lines = ''
    waiting = 0
  }
  const finish = () => {
    put()
    if (part) ended.push(part.end())
    part = undefined
  }
  const failed = (error: unknown, unwritten: number) => {
    // Said once for each time it does not work.
    if (wait === FIRST_WAIT) trouble(error, 'writing the journal')
    part = undefined
    lost += unwritten + waiting
    lines = ''
    waiting = 0
    notBefore = now() + wait
    wait = Math.min(LONGEST_WAIT, wait * 2)
  }
  const openHour = (at: number) => {
    finish()
    hour = Math.floor(at / HOUR)
    try {
      part = openPart(folder, stampOf(at), {
        failed,
        written: () => (wait = FIRST_WAIT),
        block: index?.add,
      })
      const oldest = stampOf(at - KEPT)
      sweep(folder, oldest)
      index?.drop(oldest)
    } catch (error) {
      failed(error, 0)
    }
  }
  const flush = () => {
    if (lost > 0 && part && last) {
      const { at, seq } = last
      lines += `${JSON.stringify({ kind: 'journal-gap', id: 'gap', at, seq, lost })}\n`
      lost = 0
    }
    put()
    part?.flush()
  }
  const timer = setInterval(flush, 1000)
  timer.unref()
  return {
    write: event => {
      if (isClosed) return undefined
      last = event
      if (!part || Math.floor(event.at / HOUR) > hour) {
        if (now() < notBefore) return void lost++
        openHour(event.at)
      }
      if (!part || part.waiting > MAX_WAITING) return void lost++
      lines += `${JSON.stringify(event)}\n`
      waiting++
      // Of the event as it is, so that its line is not parsed for it.
      if (index) part.find(keysOf(event))
      if (lines.length > BLOCK) put()
      return undefined
    },
    close: async () => {
      clearInterval(timer)
      flush()
      finish()
      // Events that come while the last file is ended go into another file, which must be ended, too.
      while (ended.length > 0) {
        await Promise.all(ended.splice(0))
        flush()
        finish()
      }
      isClosed = true
    },
  }
}

function sweep(folder: string, oldest: string): void {
  for (const name of readdirSync(folder)) {
    if (JOURNAL_FILE.test(name) && name.slice(0, oldest.length) < oldest)
      rmSync(join(folder, name), { force: true })
  }
}
