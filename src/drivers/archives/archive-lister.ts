// Lists archives in a thread of its own, one message after the other. The thread has an end of memory (its own, and libarchive's),
// and an end of time that is kept from here: what takes longer is unreadable, the thread is ended, and another begins. What waits
// has a bound, too; beyond it nobody has the time (`busy`). Mail flows on in any case, and what was found until then counts.

import { Worker } from 'node:worker_threads'
import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { Archives, Listed, Unlisted } from '../../ports/archives.ts'
import { type FoundNames, type ListCall, MAX_NAMES } from './calls.ts'

export type ArchiveLimits = {
  /** For all archives of one message, in ms. */
  readonly time: number
  /** How long a message waits for its turn, in ms. */
  readonly patience: number
  /** Messages that wait, and bytes of their archives. */
  readonly waiting: number
  readonly bytes: number
}

/** An honest megabyte takes some ten ms. The client waits ten minutes for our reply (RFC 5321 §4.5.3.2.6). */
const LIMITS: ArchiveLimits = {
  time: 3000,
  patience: 15_000,
  waiting: 100,
  bytes: 32 * 1024 * 1024,
}
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }

type Job = {
  readonly archives: readonly AttachedArchive[]
  readonly size: number
  readonly names: string[]
  encrypted: boolean
  unlisted: Unlisted | undefined
  /** Called once. */
  readonly answer: (listed: Listed) => void
}

export class ArchiveLister implements Archives {
  readonly #limits: ArchiveLimits
  readonly #trouble: (error: unknown, about: string) => void
  readonly #queue = new Set<Job>()
  #queued = 0
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
  }

  async list(archives: readonly AttachedArchive[], signal?: AbortSignal): Promise<Listed> {
    const size = archives.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const { waiting, bytes, patience } = this.#limits
    if (this.#isClosed || signal?.aborted) return nothing('given up before it began')
    if (this.#queue.size >= waiting || this.#queued + size > bytes)
      return nothing('too many archives wait to be listed')
    const { promise, resolve } = Promise.withResolvers<Listed>()
    const job: Job = {
      archives,
      size,
      names: [],
      encrypted: false,
      unlisted: undefined,
      answer: resolve,
    }
    const givenUp = () => this.#end(job, { busy: 'given up' })
    const late = setTimeout(() => {
      if (this.#queue.has(job)) this.#end(job, { busy: 'its turn did not come in time' })
    }, patience)
    signal?.addEventListener('abort', givenUp)
    this.#queue.add(job)
    this.#queued += size
    this.#advance()
    try {
      return await promise
    } finally {
      clearTimeout(late)
      signal?.removeEventListener('abort', givenUp)
    }
  }

  /** What is not listed by now is not. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const job of this.#queue) this.#end(job, { busy: 'closing' })
    if (this.#job) this.#end(this.#job, { busy: 'closing' })
    await this.#stop()
  }

  /** Hands the next message to the thread, if that has nothing to do. */
  #advance(): void {
    const [next] = this.#queue
    if (this.#job || !next) return
    this.#thread ??= this.#start()
    if (!this.#isReady) return
    this.#take(next)
    this.#job = next
    const { time } = this.#limits
    this.#clock = setTimeout(
      () => this.#end(next, { archive: `not listed within ${time} ms` }),
      time,
    )
    // Copies: a view takes all of the memory behind it along.
    const archives = next.archives.map(one => ({ ...one, bytes: new Uint8Array(one.bytes) }))
    this.#thread.postMessage(
      { archives } satisfies ListCall,
      archives.map(({ bytes }) => bytes.buffer),
    )
  }

  #take(job: Job): void {
    if (this.#queue.delete(job)) this.#queued -= job.size
  }

  /** Gives the answer. A thread that is still at work on it is ended. */
  #end(job: Job, cause?: Unlisted): void {
    this.#take(job)
    if (job === this.#job) {
      clearTimeout(this.#clock)
      this.#job = undefined
      if (cause !== undefined) void this.#stop()
    }
    const { names, encrypted } = job
    const unlisted = cause || job.unlisted ? { ...cause, ...job.unlisted } : undefined
    job.answer({ names, encrypted, ...(unlisted === undefined ? {} : { unlisted }) })
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
    // Nobody stays alive for it; who waits for an answer has a clock.
    thread.unref()
    thread.on('message', (said: 'ready' | FoundNames) => {
      if (thread === this.#thread) this.#hear(said)
    })
    thread.on('error', error => {
      // Out of memory is what somebody sent; anything else is ours.
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
    job.names.push(...said.names.slice(0, MAX_NAMES - job.names.length))
    job.encrypted ||= said.encrypted
    if (said.unlisted) job.unlisted = { ...said.unlisted, ...job.unlisted }
    if (said.done) this.#end(job)
  }

  /** A thread that does not even begin is not tried again for those who wait: the next message tries. */
  #lose(cause: string): void {
    const began = this.#isReady
    void this.#stop()
    if (this.#job) return this.#end(this.#job, { archive: cause })
    if (began) return
    const given = [...this.#queue]
    for (const job of given) this.#take(job)
    for (const job of given) this.#end(job, { busy: cause })
  }
}

const nothing = (busy: string): Listed => ({ names: [], encrypted: false, unlisted: { busy } })
