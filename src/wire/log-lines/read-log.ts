// A log file from its beginning to its end, plain, compressed or journal export: one line after the other, with its number. Every line is text of its
// own, so that what is kept of it keeps no more in memory.

import { isAscii } from 'node:buffer'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { Frames } from './frames.ts'
import { isExport, JournalExport } from './journal.ts'
import type { LogLine } from './log-line.ts'
import { unpackedLog } from './unpacked-log.ts'

export type Numbered = {
  /** Undefined: no frame fits. */
  readonly line: LogLine | undefined
  readonly raw: string
  readonly number: number
}

export type LogReading = {
  /** ms since 1970: a stamp without a year is of the last twelve months. */
  readonly now: number
  /** Called for each. */
  readonly line: (one: Numbered) => void
  /** Bytes read of the file, compressed as they are. */
  readonly progress?: (bytes: number) => void
}

/** Bytes. Longer lines are cut: no program that is read here writes any. */
const LONGEST = 64 * 1024

/** `-` is standard input. Resolves when all is read; throws what the file system, or what unpacks it, says. */
export async function readLog(file: string, options: LogReading): Promise<void> {
  const source: Readable =
    file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 })
  const chunks = await unpackedLog(counted(source, options.progress))
  const lines = new Lines(options)
  for await (const chunk of chunks) lines.feed(chunk as Buffer)
  lines.end()
}

async function* counted(
  source: Readable,
  progress: LogReading['progress'],
): AsyncGenerator<Buffer> {
  let read = 0
  for await (const chunk of source) {
    const bytes = chunk as Buffer
    read += bytes.length
    progress?.(read)
    yield bytes
  }
}

class Lines {
  readonly #options: LogReading
  readonly #frames: Frames
  #left = Buffer.alloc(0)
  #number = 0
  #journal: JournalExport | undefined
  #begun = false

  constructor(options: LogReading) {
    this.#options = options
    this.#frames = new Frames(options.now)
  }

  feed(chunk: Buffer): void {
    if (!this.#begun) {
      this.#begun = true
      if (isExport(chunk)) this.#journal = new JournalExport()
    }
    if (this.#journal) return this.#entries(this.#journal.feed(chunk))
    const bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk])
    let from = 0
    // Nearly all of it is, and then a line need not be decoded.
    const encoding = isAscii(bytes) ? 'latin1' : 'utf8'
    for (;;) {
      const end = bytes.indexOf(10, from)
      if (end < 0) break
      this.#line(bytes.toString(encoding, from, Math.min(end, from + LONGEST)))
      from = end + 1
    }
    this.#left = Buffer.from(bytes.subarray(from, from + LONGEST))
  }

  end(): void {
    if (this.#journal) return this.#entries(this.#journal.end())
    if (this.#left.length > 0) this.#line(this.#left.toString('utf8'))
  }

  #line(text: string): void {
    const raw = text.endsWith('\r') ? text.slice(0, -1) : text
    this.#number++
    this.#options.line({ line: this.#frames.read(raw), raw, number: this.#number })
  }

  #entries(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#number++
      this.#options.line({ line, raw: `${line.program}: ${line.text}`, number: this.#number })
    }
  }
}
