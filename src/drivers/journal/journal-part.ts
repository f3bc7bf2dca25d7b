// One gzip file of the journal, with places in it from which it can be read (a full flush: what follows needs nothing before). A file is never written again once it was closed, or left by a crash: what follows a torn end cannot be
// read by any program, so a new file is begun. When the disk refuses, the file is left as it is and the number of events it lost is told.

import { createWriteStream, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { constants, createGzip } from 'node:zlib'
import type { EventKey } from '../../ports/event-index.ts'
import { indexWord } from './index-entries.ts'
import { partName } from './journal-names.ts'

export type JournalPart = {
  /** Bytes that wait for the compressor or the disk. */
  readonly waiting: number
  write(lines: string, events: number): void
  /** By these the events of the next lines are found. */
  find(keys: readonly EventKey[]): void
  /** Hands everything to the disk. */
  flush(): void
  end(): Promise<unknown>
}

export type PartHearers = {
  /** Once. `unwritten`: events that may not be in the file, at most. */
  readonly failed: (error: unknown, unwritten: number) => void
  /** Everything up to the last flush was taken by the disk. */
  readonly written: () => void
  /** A piece that can be read by itself was compressed. */
  readonly block?: ((block: Block) => void) | undefined
}

/** Bytes of a file from one place where reading may begin to the next, and the words by which the events in them are found, maybe twice. */
export type Block = {
  readonly file: string
  readonly from: number
  readonly to: number
  readonly words: Float64Array
}

/** Since the last place from which the file can be read. `length`: characters. */
type Piece = { length: number; readonly words: number[] }
const newPiece = (): Piece => ({ length: 0, words: [] })

/** A thousand restarts within one hour: something else is wrong then. */
const MAX_PARTS = 1000
/** A piece has about so many characters: beginning anew costs the compressor what it knew of the lines before. */
const BLOCK = 64 * 1024

/** Throws when no file can be made. */
export function openPart(folder: string, stamp: string, hearers: PartHearers): JournalPart {
  const { fd, path, name } = openNew(folder, stamp)
  const gzip = createGzip({ level: 1 })
  const file = createWriteStream(path, { fd })
  /** Events handed over since everything was last on the disk. */
  let unwritten = 0
  let over = false
  let piece = newPiece()
  /** Where the piece begins, and how many bytes came out of the compressor. */
  let from = 0
  let emitted = 0
  const block = ({ length, words }: Piece, to: number) => {
    if (length > 0 && !over)
      hearers.block?.({ file: name, from, to, words: Float64Array.from(words) })
    from = to
  }
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
  gzip.on('data', (chunk: Buffer) => (emitted += chunk.length))
  gzip.pipe(file)
  const flush = () => {
    if (unwritten === 0) return
    const handed = unwritten
    const ended = piece
    const ends = ended.length >= BLOCK
    if (ends) piece = newPiece()
    gzip.flush(ends ? constants.Z_FULL_FLUSH : constants.Z_SYNC_FLUSH, () => {
      // Nothing was compressed since: the next write is begun after this.
      if (ends) block(ended, emitted + gzip.readableLength)
      // An empty write is answered when all before it were.
      if (!over)
        file.write('', error => {
          if (error || over) return
          unwritten -= handed
          hearers.written()
        })
    })
  }
  return {
    get waiting() {
      return gzip.writableLength + file.writableLength
    },
    find: keys => {
      for (const key of keys) piece.words.push(indexWord(key))
    },
    write: (text, events) => {
      unwritten += events
      gzip.write(text)
      piece.length += text.length
      if (piece.length >= BLOCK) flush()
    },
    flush,
    end: () =>
      new Promise<void>(resolve => {
        file.once('close', () => {
          block(piece, file.bytesWritten)
          resolve()
        })
        gzip.end()
      }),
  }
}

function openNew(folder: string, stamp: string): { fd: number; path: string; name: string } {
  for (let part = 0; ; part++) {
    const name = partName(stamp, part)
    const path = join(folder, name)
    try {
      return { fd: openSync(path, 'wx', 0o600), path, name }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || part >= MAX_PARTS) throw error
    }
  }
}
