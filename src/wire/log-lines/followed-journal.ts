// The journal as it grows: `journalctl --follow` as a child process, begun again behind the last entry when it ends. While what it said is
// not taken, it waits.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { JournalExport } from './journal.ts'
import type { LogLine } from './log-line.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

export type JournalSettings = {
  /** Where it was left; else it begins with what is written from now on. */
  readonly cursor?: string | undefined
  /** The program, and what stands before its options. */
  readonly command?: readonly [string, ...string[]]
  /** ms since 1970. */
  readonly now: () => number
}

/** Messages of mail systems: the facility `mail` (RFC 5424 §6.2.1). */
const MAIL = 'SYSLOG_FACILITY=2'
/** Entries that are waiting, from which on the program waits. */
const MOST_WAITING = 2000
/** ms until it is begun again; each time it ended at once it is twice as long … */
const AGAIN = 1000
/** … up to this. */
const LONGEST = 60_000
/** ms after which it did not end at once. */
const LASTED = 10_000
/** Characters of what it says when something is wrong. */
const WORDS = 300

export class FollowedJournal {
  readonly #settings: JournalSettings
  #child: Child | undefined
  #cursor: string | undefined
  #waiting: LogLine[] = []
  #wait = AGAIN
  #dueAt = 0
  #isClosed = false
  /** What it said before it ended; undefined while it runs. */
  trouble: string | undefined
  /** How often it was begun again. */
  begunAgain = 0

  constructor(settings: JournalSettings) {
    this.#settings = settings
    this.#cursor = settings.cursor
  }

  /** What came since. */
  next(): readonly LogLine[] {
    if (!this.#child && !this.#isClosed && this.#settings.now() >= this.#dueAt) this.#begin()
    const found = this.#waiting
    this.#waiting = []
    this.#child?.stdout.resume()
    return found
  }

  close(): void {
    this.#isClosed = true
    this.#child?.kill()
  }

  #begin(): void {
    const [program, ...before] = this.#settings.command ?? ['journalctl']
    const from =
      this.#cursor === undefined ? ['--lines=0'] : [`--after-cursor=${this.#cursor}`, '--no-tail']
    const args = [...before, '--follow', '--output=export', '--no-pager', ...from, MAIL]
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    const entries = new JournalExport()
    const begun = this.#settings.now()
    let words = ''
    child.stdout.on('data', (chunk: Buffer) => this.#take(child, entries.feed(chunk)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-WORDS)
    })
    const ended = (why: string) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#ended(begun, words.trim() || why)
    }
    child.once('error', error => ended(error.message))
    child.once('close', (code, signal) => ended(`it ended (${code ?? signal})`))
    this.trouble = undefined
  }

  #take(child: Child, lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#waiting.push(line)
      this.#cursor = line.cursor ?? this.#cursor
    }
    if (this.#waiting.length >= MOST_WAITING) child.stdout.pause()
  }

  #ended(begun: number, why: string): void {
    const now = this.#settings.now()
    this.trouble = why
    this.begunAgain++
    this.#dueAt = now + this.#wait
    this.#wait = now - begun >= LASTED ? AGAIN : Math.min(LONGEST, this.#wait * 2)
  }
}
