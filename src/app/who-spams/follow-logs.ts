// The last of several logs read on as it grows, until told to stop: what its senders look like now is shown every so often.

import { setTimeout } from 'node:timers/promises'
import { openRegularFile } from '../../wire/whole-file.ts'
import { FollowedLog } from '../../wire/log-lines/followed-log.ts'
import { Frames } from '../../wire/log-lines/frames.ts'
import { isPacked } from '../../wire/log-lines/unpacked-log.ts'
import { type LogsAsked, LogsReading, type LogsRead, readInto } from './read-logs.ts'

export type LogsFollowed = Omit<LogsAsked, 'now'> & {
  /** ms since 1970, as it goes on. */
  readonly now: () => number
  readonly stopping: AbortSignal
  /** What was read so far, and what is wrong with the log now. */
  readonly show: (read: LogsRead, trouble: string | undefined) => void
}

/** ms between two looks at a log that does not grow. */
const LOOK = 500
/** ms between two times that what was read is shown. */
const SHOW = 5000

/** Resolves with all of it when told to stop. Throws where the log cannot be read to begin with. */
export async function followLogs(files: readonly string[], asked: LogsFollowed): Promise<LogsRead> {
  const { now, progress } = asked
  const reading = new LogsReading(asked)
  await readInto(reading, files.slice(0, -1), { now: now(), ...(progress ? { progress } : {}) })
  const file = files.at(-1) ?? '-'
  if (file === '-') await untilEither(readInto(reading, ['-'], { now: now() }), reading, asked)
  else await followOne(file, reading, asked)
  return reading.end()
}

/** Standard input ends by itself, or is left. */
async function untilEither(
  read: Promise<void>,
  reading: LogsReading,
  { stopping, show }: LogsFollowed,
): Promise<void> {
  const timer = setInterval(() => show(reading.read(), undefined), SHOW)
  const stopped = new Promise<void>(resolve => stopping.addEventListener('abort', () => resolve()))
  try {
    await Promise.race([read, stopped])
  } finally {
    clearInterval(timer)
  }
}

async function followOne(
  file: string,
  reading: LogsReading,
  { now, stopping, show }: LogsFollowed,
): Promise<void> {
  if (await isPackedFile(file))
    throw new Error(
      `${file} is compressed, and does not grow: name it before the log that is to be followed`,
    )
  const log = new FollowedLog(file, { fromEnd: false })
  const frames = new Frames(now)
  let number = 0
  let shownAt = 0
  let hasRead = false
  try {
    while (!stopping.aborted) {
      let trouble: string | undefined
      const some = await log.next().catch((error: Error) => {
        if (!hasRead) throw error
        trouble = error.message
        return { lines: [], more: false }
      })
      hasRead = true
      for (const { raw, place } of some.lines) {
        // A log that was rotated, or emptied, begins anew; its rest in the older file goes on.
        number = place.offset === place.last?.length ? 1 : number + 1
        reading.take({ line: frames.read(raw), raw, number }, file)
      }
      if (some.more) continue
      if (!log.isOpen) trouble ??= 'it is not there; it is waited for'
      if (now() - shownAt >= SHOW) {
        shownAt = now()
        show(reading.read(), trouble)
      }
      await setTimeout(LOOK, undefined, { signal: stopping }).catch(() => undefined)
    }
  } finally {
    await log.close()
  }
}

/** What is not there yet is not. */
async function isPackedFile(file: string): Promise<boolean> {
  const opened = await openRegularFile(file).catch(() => undefined)
  if (!opened) return false
  try {
    const start = Buffer.alloc(8)
    const { bytesRead } = await opened.read(start, 0, start.length, 0)
    return isPacked(start.subarray(0, bytesRead))
  } finally {
    await opened.close()
  }
}
