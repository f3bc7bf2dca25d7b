// Where lines of a log come from: a file or the journal, each with its place.

import { FollowedJournal } from '../../wire/log-lines/followed-journal.ts'
import { FollowedLog } from '../../wire/log-lines/followed-log.ts'
import { Frames } from '../../wire/log-lines/frames.ts'
import type { LogLine } from '../../wire/log-lines/log-line.ts'
import type { LogPlace } from '../../wire/log-lines/log-place.ts'

/** Of the journal its cursor. */
export type LogPosition = LogPlace | string

export type PlacedLine = { readonly line: LogLine | undefined; readonly place: LogPosition }

export type LogSource = {
  /** What it is called in the status, in metrics and records. */
  readonly name: string
  /** Some lines, and whether there may be more now. */
  next(): Promise<{ readonly lines: readonly PlacedLine[]; readonly more: boolean }>
  /** Where it is read on from, where that is known before a line came. */
  place(): LogPosition | undefined
  /** What keeps it from being read, and what may be lost. */
  troubles(): readonly string[]
  close(): Promise<void>
}

export function fileSource(
  file: string,
  place: LogPosition | undefined,
  now: () => number,
): LogSource {
  const before = typeof place === 'string' ? undefined : place
  const log = new FollowedLog(file, { place: before, fromEnd: true })
  const frames = new Frames(now)
  let trouble: string | undefined
  return {
    name: file,
    next: async () => {
      try {
        const { lines, more } = await log.next()
        trouble = log.isOpen ? undefined : 'there is no such file; it is waited for'
        return {
          lines: lines.map(one => ({ line: frames.read(one.raw), place: one.place })),
          more,
        }
      } catch (error) {
        trouble = (error as Error).message
        return { lines: [], more: false }
      }
    },
    place: () => log.place,
    troubles: () => [
      ...(trouble === undefined ? [] : [trouble]),
      ...(log.lost > 0
        ? ['it was replaced before it was read to its end; what was written meanwhile is not known']
        : []),
    ],
    close: () => log.close(),
  }
}

export function journalSource(place: LogPosition | undefined, now: () => number): LogSource {
  const journal = new FollowedJournal({
    now,
    cursor: typeof place === 'string' ? place : undefined,
  })
  return {
    name: 'journal',
    next: async () => {
      const lines = journal
        .next()
        .flatMap(line => (line.cursor === undefined ? [] : [{ line, place: line.cursor }]))
      return { lines, more: false }
    },
    place: () => undefined,
    troubles: () => (journal.trouble === undefined ? [] : [`journalctl: ${journal.trouble}`]),
    close: async () => journal.close(),
  }
}
