// Follows `nft monitor`, so that what another program does to the table (a flush, a reload) is seen at once and not within a minute. When it
// ends it is started again, after one second and then after longer, up to a minute; without it there is the comparison of each minute.
// One that runs and tells nothing would not be noticed: it must tell of each change of ours, and is ended and started again if it does not.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { MINUTE } from '../../../model/duration.ts'
import { ForeignChanges } from './foreign-changes.ts'

/** Then the table is read back: what comes in one go is one change. */
const AFTER = 100
/** At least so long between two readings (ms): a table may be large. */
const BETWEEN = 1000
const FIRST_WAIT = 1000
const LONGEST_WAIT = 60_000
/** It says nothing when it begins to hear, and over ssh that takes a while (ms): then everything is compared once. */
const LISTENS = 3000
/** A change of ours must be told within that (ms), over ssh and on a busy machine. */
const ECHO = 10_000
/** One that hung is said for so long (ms). */
const SAID_FOR = 15 * MINUTE
/** One that has run so long begins with the shortest wait again. */
const STEADY = 60_000

/** The kernel ends a program that is run so when Cordon ends, however it ends (prctl, PR_SET_PDEATHSIG). */
const ENDING_WITH_US = ['setpriv', '--pdeathsig', 'KILL'] as const

/** Nothing where there is no such `setpriv`: then a monitor that Cordon could not end is left until it next has something to print. */
function endingWithUs(): readonly string[] {
  const [program, ...options] = ENDING_WITH_US
  const { status } = spawnSync(program, [...options, 'true'], { stdio: 'ignore', timeout: 2000 })
  return status === 0 ? ENDING_WITH_US : []
}

export class NftMonitor {
  readonly changes = new ForeignChanges()
  readonly #start: () => ChildProcess
  #heard: (() => void) | undefined
  #child: ChildProcess | undefined
  #again: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined
  #first: NodeJS.Timeout | undefined
  #wait = FIRST_WAIT
  #last = 0
  #ends = 0
  #isClosed = false
  readonly #echo: number
  readonly #echoes = new Set<NodeJS.Timeout>()
  /** When it was started, and lines of a generation that it had told when the last change of ours began. */
  #startedAt = 0
  #told = 0
  #changedAt = 0
  #hung: { readonly at: number; readonly times: number } | undefined

  /** `command`: program and arguments that are nft there; `echo`: ms within which it must tell of a change of ours. */
  constructor([program = 'nft', ...before]: readonly string[], echo = ECHO) {
    this.#echo = echo
    this.#start = () => {
      const [first, ...rest] = [...endingWithUs(), program, ...before, 'monitor'] as const
      return spawn(first, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
    }
  }

  /** `heard`: another program has changed the table, or may have. */
  follow(heard: () => void): void {
    this.#heard = heard
    this.#run()
  }

  /** A change of ours begins: one at a time. */
  began(): void {
    this.#told = this.changes.generations
    this.#changedAt = performance.now()
    this.changes.began()
  }

  failed(): void {
    this.changes.failed()
  }

  /** It was made: the monitor must tell of it now. */
  done(): void {
    const [child, told] = [this.#child, this.#told]
    // One that has just been started may not hear yet.
    if (!child || this.#changedAt - this.#startedAt < this.#echo) return
    const echo = setTimeout(() => {
      this.#echoes.delete(echo)
      if (this.#child !== child || this.changes.generations !== told) return
      this.#hung = { at: performance.now(), times: (this.#hungLately?.times ?? 0) + 1 }
      child.kill('SIGKILL')
    }, this.#echo).unref()
    this.#echoes.add(echo)
  }

  /** It runs, and Cordon has changed nothing for so long (ms). */
  isIdle(during: number): boolean {
    return this.#child !== undefined && performance.now() - this.#changedAt >= during
  }

  /** Why a change by another program would be seen within a minute only, or was. */
  trouble(): string | undefined {
    if (!this.#heard) return undefined
    const hung = this.#hungLately
    if (this.#child)
      return (
        hung &&
        `nft monitor ran and told nothing${hung.times > 1 ? ` (${hung.times} times)` : ''}, and was started again: until then changes of another program were seen within a minute only`
      )
    return `nft monitor ended ${this.#ends} times: what another program changes is seen within a minute only`
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#again)
    clearTimeout(this.#soon)
    clearTimeout(this.#first)
    for (const echo of this.#echoes) clearTimeout(echo)
    const child = this.#child
    if (!child) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  }

  #run(): void {
    const began = performance.now()
    this.#startedAt = began
    this.changes.reset()
    const child = this.#start()
    this.#child = child
    let isOver = false
    const over = () => {
      if (isOver) return
      isOver = true
      clearTimeout(this.#first)
      this.#child = undefined
      if (this.#isClosed) return
      this.#ends++
      if (performance.now() - began > STEADY) this.#wait = FIRST_WAIT
      this.#again = setTimeout(() => this.#run(), this.#wait).unref()
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2)
    }
    child.on('error', over).on('close', over)
    if (!child.stdout) return
    // What was changed while no monitor ran, and until this one hears.
    child.once('spawn', () => {
      if (this.#ends > 0) this.#tell()
      this.#first = setTimeout(() => this.#tell(), LISTENS).unref()
    })
    createInterface({ input: child.stdout }).on(
      'line',
      line => this.changes.hear(line) && this.#tell(),
    )
  }

  get #hungLately() {
    const hung = this.#hung
    return hung && performance.now() - hung.at <= SAID_FOR ? hung : undefined
  }

  #tell(): void {
    if (this.#soon || this.#isClosed) return
    const wait = Math.max(AFTER, this.#last + BETWEEN - performance.now())
    this.#soon = setTimeout(() => {
      this.#soon = undefined
      this.#last = performance.now()
      this.#heard?.()
    }, wait).unref()
  }
}
