// A log that grows, read as it grows: over rotation (renamed, or copied and emptied), when it is taken away and comes again, and after a restart
// from where it was left. A line is read when its end is there. So much is read at once that other work goes on in between.

import { stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { openRegularFile } from '../whole-file.ts'
import {
  hashOfLine,
  isAt,
  LONGEST_LINE,
  type LogPlace,
  type OlderLog,
  olderLogs,
} from './log-place.ts'

export type FollowedLine = {
  readonly raw: string
  /** Behind the line. */
  readonly place: LogPlace
}

export type FollowedSome = {
  readonly lines: readonly FollowedLine[]
  /** There may be more to read now. */
  readonly more: boolean
}

const NOTHING: FollowedSome = { lines: [], more: false }
/** Bytes that are read at once. */
const CHUNK = 64 * 1024

export class FollowedLog {
  readonly #path: string
  #file: FileHandle | undefined
  #place: LogPlace | undefined
  /** Rotated, still to be read, before the file of the path. */
  #older: OlderLog[] = []
  /** Bytes behind the place that are no whole line yet. */
  #left = Buffer.alloc(0)
  /** The line that is being read is longer than any. */
  #skips = false
  /** A place that was left is looked for when the log is opened for the first time. */
  #isFirst = true
  readonly #fromEnd: boolean
  /** Places that were in no file any more: what was written after them may be lost. */
  lost = 0
  /** Lines that were too long. */
  tooLong = 0

  /** `place`: where it was left; else it begins at the beginning, or with what is written from now on. */
  constructor(
    path: string,
    { place, fromEnd }: { place?: LogPlace | undefined; fromEnd: boolean },
  ) {
    this.#path = path
    this.#place = place
    this.#fromEnd = fromEnd
  }

  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** Where it is read on from; undefined: it was not there yet. */
  get place(): LogPlace | undefined {
    return this.#place
  }

  /** Some of the lines that have come since. Throws what the file system says; a file that is not there is waited for. */
  async next(): Promise<FollowedSome> {
    // So that the first place can be kept, too.
    if (!this.#file) return { lines: [], more: await this.#open() }
    const some = await this.#some()
    if (some.lines.length > 0 || some.more) return some
    return { lines: [], more: await this.#turns() }
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
    for (const { file } of this.#older.splice(0)) await file.close()
    this.#forgetLeft()
  }

  async #open(): Promise<boolean> {
    const file = await openRegularFile(this.#path).catch(error => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
    if (!file) return this.#openOlder()
    const before = this.#place
    if (before && (await isAt(file, before))) return this.#begin(file, before)
    if (before && this.#isFirst && (await this.#findOlder(before))) {
      await file.close()
      return true
    }
    const { ino: inode, size } = await file.stat()
    const offset = !before && this.#isFirst && this.#fromEnd ? await lineEnd(file, size) : 0
    return this.#begin(file, { inode, offset })
  }

  /** The path is not there, but what was rotated may be. */
  async #openOlder(): Promise<boolean> {
    const before = this.#place
    if (before && this.#isFirst) return this.#findOlder(before)
    // What comes to be there is new from its beginning.
    this.#isFirst = false
    return false
  }

  async #findOlder(before: LogPlace): Promise<boolean> {
    const [first, ...others] = await olderLogs(this.#path, before)
    if (!first) {
      this.lost++
      this.#isFirst = false
      return false
    }
    this.#older = others
    return this.#begin(first.file, before)
  }

  async #begin(file: FileHandle, place: LogPlace): Promise<true> {
    this.#isFirst = false
    this.#file = file
    const { ino: inode } = await file.stat()
    this.#place = { ...place, inode }
    this.#forgetLeft()
    return true
  }

  #forgetLeft(): void {
    this.#left = Buffer.alloc(0)
    this.#skips = false
  }

  async #some(): Promise<FollowedSome> {
    const [file, place] = [this.#file, this.#place]
    if (!file || !place) return NOTHING
    const chunk = Buffer.allocUnsafe(CHUNK)
    const from = place.offset + this.#left.length
    const { bytesRead } = await file.read(chunk, 0, CHUNK, from)
    if (bytesRead === 0) return NOTHING
    // It may have been emptied and have grown beyond the place since.
    if (this.#left.length === 0 && !this.#skips && !(await isAt(file, place))) return NOTHING
    return { lines: this.#take(chunk.subarray(0, bytesRead), place), more: true }
  }

  #take(chunk: Buffer, place: LogPlace): readonly FollowedLine[] {
    const bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk])
    const lines: FollowedLine[] = []
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = bytes.subarray(from, end + 1)
      from = end + 1
      this.#place = placeBehind(line, { ...place, offset: place.offset + from })
      if (this.#skips || line.length > LONGEST_LINE) this.tooLong++
      else lines.push({ raw: textOf(line), place: this.#place })
      this.#skips = false
    }
    this.#left = Buffer.from(bytes.subarray(from))
    if (this.#left.length > LONGEST_LINE) this.#skip()
    return lines
  }

  /** What is kept of it is its end, by which the place is known. */
  #skip(): void {
    const { inode = 0, offset = 0 } = this.#place ?? {}
    const last = this.#left.subarray(-1024)
    this.#place = placeBehind(last, { inode, offset: offset + this.#left.length })
    this.#left = Buffer.alloc(0)
    this.#skips = true
  }

  /** All is read: whether another file is to be read now. */
  async #turns(): Promise<boolean> {
    const [file, place] = [this.#file, this.#place]
    if (!file || !place) return false
    if (!(await isAt(file, place))) return this.#emptied(file, place)
    const [next] = this.#older
    if (next) {
      this.#older.shift()
      await this.#turnTo(next.file)
      return true
    }
    const there = await stat(this.#path).catch(() => undefined)
    // A log that was just made is written to only when its server has opened it; until then lines come here.
    if (!there || there.ino === place.inode || there.size === 0) return false
    // What was written until the other one began.
    const rest = await file.stat()
    if (rest.size > place.offset + this.#left.length) return true
    const opened = await openRegularFile(this.#path)
    await this.#turnTo(opened)
    return true
  }

  async #turnTo(file: FileHandle): Promise<void> {
    await this.#file?.close()
    const { ino: inode } = await file.stat()
    await this.#begin(file, { inode, offset: 0 })
  }

  /** Copied and emptied: what was written before that is in the copy. */
  async #emptied(file: FileHandle, place: LogPlace): Promise<boolean> {
    const [copy, ...others] = await olderLogs(this.#path, place)
    if (!copy) {
      this.lost++
      await this.#begin(file, { inode: place.inode, offset: 0 })
      return true
    }
    await file.close()
    this.#older = others
    await this.#begin(copy.file, place)
    return true
  }
}

const NEWLINE = 10

function textOf(line: Buffer): string {
  const end = line.at(-2) === 13 ? -2 : -1
  return line.subarray(0, end).toString('utf8')
}

const placeBehind = (line: Buffer, { inode, offset }: LogPlace): LogPlace => ({
  inode,
  offset,
  last: { length: line.length, hash: hashOfLine(line) },
})

/** Behind the last whole line. */
async function lineEnd(file: FileHandle, size: number): Promise<number> {
  const length = Math.min(size, LONGEST_LINE)
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, size - length)
  return size - length + bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
}
