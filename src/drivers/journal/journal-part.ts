// One gzip file of the journal. A file is never written again once it was closed, or left by a crash: what follows a torn end cannot be
// read by anybody, so a new file is begun. When the disk refuses, the file is left as it is and the number of events it lost is told.

import { createWriteStream, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { constants, createGzip } from 'node:zlib'
import { partName } from './journal-names.ts'

export type JournalPart = {
  /** Bytes that wait for the compressor or the disk. */
  readonly waiting: number
  write(lines: string, events: number): void
  /** Hands everything to the disk. */
  flush(): void
  end(): Promise<unknown>
}

export type PartHearers = {
  /** Once. `unwritten`: events that may not be in the file, at most. */
  readonly failed: (error: unknown, unwritten: number) => void
  /** Everything up to the last flush was taken by the disk. */
  readonly written: () => void
}

/** A thousand restarts within one hour: something else is wrong then. */
const MAX_PARTS = 1000

/** Throws when no file can be made. */
export function openPart(folder: string, stamp: string, hearers: PartHearers): JournalPart {
  const { fd, path } = openNew(folder, stamp)
  const gzip = createGzip({ level: 1 })
  const file = createWriteStream(path, { fd })
  /** Events handed over since everything was last on the disk. */
  let unwritten = 0
  let over = false
  const fail = (error: unknown) => {
    if (over) return
    over = true
    gzip.destroy()
    file.destroy()
    if (file.bytesWritten === 0) rmSync(path, { force: true })
    hearers.failed(error, unwritten)
  }
  gzip.on('error', fail)
  file.on('error', fail)
  gzip.pipe(file)
  return {
    get waiting() {
      return gzip.writableLength + file.writableLength
    },
    write: (lines, events) => {
      unwritten += events
      gzip.write(lines)
    },
    flush: () => {
      if (unwritten === 0) return
      const handed = unwritten
      gzip.flush(constants.Z_SYNC_FLUSH, () => {
        // An empty write is answered when all before it were.
        if (!over)
          file.write('', error => {
            if (error || over) return
            unwritten -= handed
            hearers.written()
          })
      })
    },
    end: () =>
      new Promise<void>(resolve => {
        file.once('close', resolve)
        gzip.end()
      }),
  }
}

function openNew(folder: string, stamp: string): { fd: number; path: string } {
  for (let part = 0; ; part++) {
    const path = join(folder, partName(stamp, part))
    try {
      return { fd: openSync(path, 'wx', 0o600), path }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || part >= MAX_PARTS) throw error
    }
  }
}
