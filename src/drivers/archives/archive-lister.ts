// Lists archives in a thread of its own, one message after the other, in fair turns. The thread has an end of memory (its own, and
// libarchive's), and an end of time that is kept from here: what takes longer is unreadable, the thread is ended, and another begins; the
// same archives are not begun again. What waits has a bound, too; what is beyond it is not listed, which says nothing of it (`busy`).
// Mail flows on in any case, and what was found until then counts.

import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { AttachedArchive } from '../../model/attached-archive.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Archives, For, ArchiveListing, Unlisted } from '../../ports/archives.ts'
import type { ReadingTurn } from '../../ports/readings.ts'
import { type FoundNames, type ListCall, MAX_NAMES } from './calls.ts'
import { ListingTurns } from './listing-turns.ts'

export type ArchiveLimits = {
  /** For all archives of one message, in ms. */
  readonly time: number
  /** The same, while others wait for their turn. */
  readonly timeInCompany: number
  /** How long a message waits for its turn, in ms. */
  readonly patience: number
  /** Messages that wait, and bytes of their archives. */
  readonly waiting: number
  /** Bytes of the archives of messages that wait; beyond them a message is not listed. */
  readonly bytes: number
}

/** An honest megabyte takes some ten ms. The client waits ten minutes for our reply (RFC 5321 §4.5.3.2.6). */
export const LIMITS: ArchiveLimits = {
  time: 3000,
  timeInCompany: 1000,
  patience: 15_000,
  waiting: 100,
  bytes: 32 * 1024 * 1024,
}
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }

/** Messages whose archives took too much, and characters of the names in them; beyond either the oldest are forgotten. */
const MAX_KNOWN = 1000
const MAX_KNOWN_NAMES = 4 * 1024 * 1024

type Job = {
  readonly archives: readonly AttachedArchive[]
  readonly size: number
  readonly turn: ReadingTurn
  /** What these archives are, all together. */
  readonly hash: string
  began: number
  readonly names: string[]
  readonly within: string[]
  encrypted: boolean
  locked: string | undefined
  unlisted: Unlisted | undefined
  /** Called once. */
  readonly answer: (listed: ArchiveListing) => void
}

export class ArchiveLister implements Archives {
  readonly #limits: ArchiveLimits
  readonly #trouble: (error: unknown, about: string) => void
  readonly #queue: ListingTurns<Job>
  readonly #known = new Map<string, ArchiveListing>()
  #knownNames = 0
  readonly #forgiving: NodeJS.Timeout
  #thread: Worker | undefined
  #isReady = false
  /** In the thread now. */
  #job: Job | undefined
  #clock: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(
    trouble: (error: unknown, about: string) => void,
    limits: Partial<ArchiveLimits> = {},
  ) {
    this.#trouble = trouble
    this.#limits = { ...LIMITS, ...limits }
    this.#queue = new ListingTurns(this.#limits)
    this.#forgiving = setInterval(() => this.#queue.forgive(), MINUTE).unref()
  }

  async list(archives: readonly AttachedArchive[], { turn, signal }: For): Promise<ArchiveListing> {
    if (this.#isClosed || signal?.aborted) return nothing('given up before it began')
    const hash = hashOf(archives)
    const known = this.#known.get(hash)
    if (known) return known
    const { promise, resolve } = Promise.withResolvers<ArchiveListing>()
    const job: Job = {
      archives,
      size: archives.reduce((sum, { bytes }) => sum + bytes.length, 0),
      turn,
      hash,
      began: 0,
      names: [],
      within: [],
      encrypted: false,
      locked: undefined,
      unlisted: undefined,
      answer: resolve,
    }
    const givenUp = () => this.#busy(job, 'given up')
    const late = setTimeout(() => {
      if (job !== this.#job) this.#busy(job, 'its turn did not come in time')
    }, this.#limits.patience)
    signal?.addEventListener('abort', givenUp)
    for (const one of this.#queue.add(job)) this.#busy(one, 'too many archives wait to be listed')
    this.#advance()
    try {
      return await promise
    } finally {
      clearTimeout(late)
      signal?.removeEventListener('abort', givenUp)
    }
  }

  /** Archives that are not listed by now are not listed any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#forgiving)
    for (const job of this.#queue.all()) this.#busy(job, 'closing')
    if (this.#job) this.#busy(this.#job, 'closing')
    await this.#stop()
  }

  /** Hands the next message to the thread, if that has nothing to do. */
  #advance(): void {
    if (this.#job || this.#queue.size === 0) return
    this.#thread ??= this.#start()
    if (!this.#isReady) return
    const next = this.#queue.next()
    if (!next) return
    this.#job = next
    next.began = performance.now()
    this.#watch(next)
    // Copies: a view takes all of the memory behind it along.
    const archives = next.archives.map(one => ({ ...one, bytes: new Uint8Array(one.bytes) }))
    this.#thread.postMessage(
      { archives } satisfies ListCall,
      archives.map(({ bytes }) => bytes.buffer),
    )
  }

  /** Looks when it has had its time in company, and again when it has had all of it. */
  #watch(job: Job): void {
    const { time } = this.#limits
    const inCompany = Math.min(time, this.#limits.timeInCompany)
    this.#clock = setTimeout(() => {
      if (inCompany < time && this.#queue.size > 0)
        return this.#busy(job, `not listed within ${inCompany} ms, and others wait`)
      this.#clock = setTimeout(() => this.#tooMuch(job), time - inCompany)
      return undefined
    }, inCompany)
  }

  /** A second try would end the same. */
  #tooMuch(job: Job): void {
    this.#end(job, { archive: `not listed within ${this.#limits.time} ms` })
    this.#remember(job)
  }

  #remember(job: Job): void {
    if (this.#known.has(job.hash)) return
    this.#known.set(job.hash, listedBy(job))
    this.#knownNames += lengthOf(job)
    for (const [hash, listed] of this.#known) {
      if (this.#known.size <= MAX_KNOWN && this.#knownNames <= MAX_KNOWN_NAMES) break
      this.#known.delete(hash)
      this.#knownNames -= lengthOf(listed)
    }
  }

  /** It was not listed, or not for long enough, because of others or of ourselves. */
  #busy(job: Job, cause: string): void {
    this.#end(job, { busy: cause })
  }

  /** Gives the answer. A thread that is still at work on it is ended. */
  #end(job: Job, cause?: Unlisted): void {
    this.#queue.remove(job)
    if (cause) job.unlisted = { ...cause, ...job.unlisted }
    if (job === this.#job) {
      clearTimeout(this.#clock)
      this.#job = undefined
      this.#queue.took(job, performance.now() - job.began)
      if (cause !== undefined) void this.#stop()
    }
    job.answer(listedBy(job))
    if (!this.#isClosed) this.#advance()
  }

  async #stop(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    this.#isReady = false
    await thread?.terminate()
  }

  #start(): Worker {
    const file = new URL('./archives-worker.ts', import.meta.url)
    const thread = new Worker(file, { resourceLimits: MEMORY })
    // The process does not stay alive for it; a caller that waits for an answer has a clock.
    thread.unref()
    thread.on('message', (said: 'ready' | FoundNames) => {
      if (thread === this.#thread) this.#hear(said)
    })
    thread.on('error', error => {
      // Out of memory comes of what a sender sent; anything else is ours.
      if (!('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'))
        this.#trouble(error, 'listing archives')
      if (thread === this.#thread) this.#lose(String(error))
    })
    thread.on('exit', () => {
      if (thread === this.#thread) this.#lose('the thread ended')
    })
    return thread
  }

  #hear(said: 'ready' | FoundNames): void {
    if (said === 'ready') {
      this.#isReady = true
      return this.#advance()
    }
    const job = this.#job
    if (!job) return
    const room = MAX_NAMES - job.names.length
    job.names.push(...said.names.slice(0, room))
    job.within.push(...said.within.slice(0, room))
    job.locked ??= said.locked
    job.encrypted ||= said.encrypted
    if (said.unlisted) job.unlisted = { ...said.unlisted, ...job.unlisted }
    if (said.done) this.#end(job)
  }

  /** A thread that does not even begin is not tried again for messages that wait: the next message tries. */
  #lose(cause: string): void {
    const began = this.#isReady
    void this.#stop()
    const job = this.#job
    if (job) {
      this.#end(job, { archive: cause })
      return this.#remember(job)
    }
    if (began) return undefined
    const given = this.#queue.all()
    for (const one of given) this.#queue.remove(one)
    for (const one of given) this.#busy(one, cause)
    return undefined
  }
}

const nothing = (busy: string): ArchiveListing => ({
  names: [],
  encrypted: false,
  unlisted: { busy },
})

const listedBy = ({ names, within, encrypted, locked, unlisted }: Job): ArchiveListing => ({
  names,
  encrypted,
  ...(within.every(one => one === '') ? {} : { within }),
  ...(locked === undefined ? {} : { locked }),
  ...(unlisted === undefined ? {} : { unlisted }),
})

const lengthOf = ({ names, within = [] }: Pick<ArchiveListing, 'names' | 'within'>) =>
  [...names, ...within].reduce((sum, name) => sum + name.length, 0)

function hashOf(archives: readonly AttachedArchive[]): string {
  const hash = createHash('sha256')
  for (const { name, bytes, cut } of archives)
    hash.update(`${name.length} ${bytes.length} ${cut} ${name}`).update(bytes)
  return hash.digest('base64')
}
