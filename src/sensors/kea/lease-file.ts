// Follows a file that grows and is replaced, as Kea's lease files do: its clean-up renames the file to NAME.1, begins a new one, and
// merges what was before into NAME.2, by way of NAME.completed, which stands for both where it was killed in between. Lines are told once; a half-written one when the rest of it is there.

import { closeSync, existsSync, fstatSync, readSync, statSync } from 'node:fs'
import { openRegular } from '../../wire/whole-file.ts'

/** A line of a lease file is some hundred bytes; a longer one is not of Kea. */
const MAX_LINE = 16_384
const CHUNK = 256 * 1024

export class FollowedFile {
  readonly #path: string
  #fd: number | undefined
  #at = 0
  #rest = ''
  /** The files from before the last clean-up have been read. */
  #isBegun = false

  constructor(path: string) {
    this.#path = path
  }

  /** Whole lines that have come since; `begins` before the first of a new file. Throws when it cannot be read. */
  *lines(): Generator<{ readonly line: string; readonly begins: boolean }> {
    if (this.#fd === undefined && this.#isBegun) this.#open()
    else if (this.#fd === undefined) {
      // What was before the last clean-up comes first; either may be missing.
      const merged = `${this.#path}.completed`
      const before = existsSync(merged) ? [merged] : [`${this.#path}.2`, `${this.#path}.1`]
      for (const path of before) yield* this.#whole(path)
      this.#open()
      this.#isBegun = true
    }
    yield* this.#more()
    // Replaced: the old one has been read to its end.
    if (this.#fd !== undefined && !this.#isCurrent()) {
      yield* this.#more()
      this.close()
      this.#open()
      yield* this.#more()
    }
  }

  /** Whether the file exists and is being read. */
  get isOpen(): boolean {
    return this.#fd !== undefined
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
    this.#at = 0
    this.#rest = ''
  }

  *#whole(path: string): Generator<{ readonly line: string; readonly begins: boolean }> {
    try {
      this.#fd = openRegular(path)
    } catch {
      return
    }
    yield* this.#more()
    this.close()
  }

  #open(): void {
    try {
      this.#fd = openRegular(this.#path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }

  #isCurrent(): boolean {
    try {
      const [mine, there] = [fstatSync(this.#fd as number), statSync(this.#path)]
      return mine.ino === there.ino && mine.dev === there.dev && there.size >= this.#at
    } catch {
      // Between two names: it is looked at again.
      return true
    }
  }

  *#more(): Generator<{ readonly line: string; readonly begins: boolean }> {
    if (this.#fd === undefined) return
    const chunk = Buffer.alloc(CHUNK)
    for (;;) {
      const read = readSync(this.#fd, chunk, 0, CHUNK, this.#at)
      if (read === 0) return
      let begins = this.#at === 0
      this.#at += read
      const lines = (this.#rest + chunk.toString('utf8', 0, read)).split('\n')
      this.#rest = lines.pop() ?? ''
      if (this.#rest.length > MAX_LINE) this.#rest = ''
      for (const line of lines) {
        yield { line, begins }
        begins = false
      }
    }
  }
}
