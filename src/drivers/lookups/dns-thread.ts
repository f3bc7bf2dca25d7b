// Asks the DNS in a thread of its own, so that what a stranger's zone answers costs the engine's thread nothing but the first of it. The time of a
// question is kept from here, whatever the other thread is busy with. A thread that ends is followed by another: what it had not answered has no
// answer, as if its servers had been silent, and what is asked meanwhile waits for the next one, as long as it would for an answer.

import { Worker } from 'node:worker_threads'
import { postTogether } from '../post-together.ts'
import {
  ANSWERED_WITHIN,
  type DnsStart,
  type FromDnsThread,
  type PostedAnswer,
  type PostedQuestion,
} from './dns-messages.ts'
import { type Dns, failure, legalName, noAnswer } from './node-resolver.ts'

export type DnsThread = Dns & {
  /** Questions that wait for their answer, and threads that ended although they should not. */
  figures(): { readonly waiting: number; readonly ended: number }
  /** What waits has no answer. */
  close(): Promise<void>
}

export type DnsThreadNeeds = DnsStart & {
  readonly trouble: (error: unknown, about: string) => void
  /** The program of the thread. */
  readonly file?: URL
}

const FILE = new URL('./dns-worker.ts', import.meta.url)
/** What c-ares holds is not in it. */
const MEMORY = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }
/** Questions that wait, some 50 MB in both threads; more have no answer. */
const MOST_WAITING = 50_000
/** ms. How often it is seen which of them have waited long enough. */
const TICK = 250
/** Between the end of a thread and the next one, in ms, doubled each time; one that lasted so long was well. */
const FIRST_WAIT = 100
const LONGEST_WAIT = 5000
const STEADY = 60_000

/** Resolves when the thread is ready to ask; rejects when it does not begin, and leaves nothing behind. */
export async function openDnsThread(needs: DnsThreadNeeds): Promise<DnsThread> {
  const thread = new AskingThread(needs)
  await thread.begun
  return thread
}

type WaitingQuestion = Pick<PromiseWithResolvers<unknown>, 'resolve' | 'reject'> & {
  readonly question: PostedQuestion
}
type ReadyThread = { readonly worker: Worker; readonly post: (question: PostedQuestion) => void }

class AskingThread implements DnsThread {
  readonly begun: Promise<void>
  readonly resolve = ((name: string, type: string) => this.#ask(name, type)) as Dns['resolve']
  readonly #needs: DnsThreadNeeds
  readonly #waiting = new Map<number, WaitingQuestion>()
  /** Numbers of questions, by the tick at which they are over. */
  readonly #over = new Map<number, number[]>()
  #n = 0
  #tick = 0
  #ticking: NodeJS.Timeout | undefined
  /** Ready to ask. */
  #running: ReadyThread | undefined
  /** Also while it begins. */
  #worker: Worker | undefined
  #again: NodeJS.Timeout | undefined
  #wait = FIRST_WAIT
  #ended = 0
  #isClosed = false

  constructor(needs: DnsThreadNeeds) {
    this.#needs = needs
    this.begun = this.#start()
  }

  figures() {
    return { waiting: this.#waiting.size, ended: this.#ended }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#again)
    this.#giveUp('the DNS is not asked any more')
    await this.#worker?.terminate()
  }

  async #ask(name: string, type: string): Promise<unknown> {
    const legal = legalName(name)
    if (this.#isClosed) throw noAnswer('the DNS is not asked any more')
    if (this.#waiting.size >= MOST_WAITING) throw noAnswer('too many questions wait')
    this.#n++
    const question = { n: this.#n, name: legal, type }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(question.n, { question, resolve, reject })
    this.#endsInTime(question.n)
    this.#running?.post(question)
    return promise
  }

  #hear(answer: PostedAnswer): void {
    const asked = this.#waiting.get(answer.n)
    if (!asked) return
    this.#waiting.delete(answer.n)
    if ('found' in answer) return asked.resolve(answer.found)
    const { name, type } = asked.question
    return asked.reject(failure(answer.code, `${type} of ${name}: ${answer.code}`))
  }

  /** Resolves when it is ready, rejects when it ends before. */
  #start(): Promise<void> {
    const { servers, file = FILE } = this.#needs
    const ready = Promise.withResolvers<void>()
    const workerData: DnsStart = { servers }
    const worker = new Worker(file, { workerData, resourceLimits: MEMORY })
    this.#worker = worker
    // What waits for an answer keeps the process alive.
    worker.unref()
    const began = performance.now()
    let why: unknown = new Error('the thread ended')
    worker.on('message', (said: FromDnsThread) => {
      if (said !== 'ready') return said.forEach(answer => this.#hear(answer))
      this.#isReady(worker)
      return ready.resolve()
    })
    worker.on('error', error => (why = error))
    worker.on('exit', () => {
      ready.reject(why)
      const wasReady = this.#running?.worker === worker
      this.#running = undefined
      if (performance.now() - began > STEADY) this.#wait = FIRST_WAIT
      if (wasReady) this.#lost(why)
    })
    return ready.promise
  }

  #isReady(worker: Worker): void {
    const post: ReadyThread['post'] = postTogether(worker)
    this.#running = { worker, post }
    for (const { question } of this.#waiting.values()) post(question)
  }

  #lost(why: unknown): void {
    if (this.#isClosed) return
    this.#ended++
    this.#giveUp('the thread that asks the DNS ended')
    this.#startAgain(why)
  }

  #startAgain(why: unknown): void {
    this.#needs.trouble(why, 'the thread that asks the DNS ended; another one is started')
    this.#again = setTimeout(() => {
      this.#start().catch(error => {
        if (!this.#isClosed) this.#startAgain(error)
      })
    }, this.#wait).unref()
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2)
  }

  #giveUp(words: string): void {
    const given = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#stopTicking()
    for (const { reject } of given) reject(noAnswer(words))
  }

  #endsInTime(n: number): void {
    this.#ticking ??= setInterval(() => this.#oneTick(), TICK)
    const at = this.#tick + ANSWERED_WITHIN / TICK + 1
    const others = this.#over.get(at)
    if (others) others.push(n)
    else this.#over.set(at, [n])
  }

  /** Counts ticks, no time: while this thread is busy with others its answers wait, and they are heard before it is said that there are none. */
  #oneTick(): void {
    this.#tick++
    const over = this.#over.get(this.#tick) ?? []
    this.#over.delete(this.#tick)
    setImmediate(() => {
      for (const n of over) this.#hear({ n, code: 'ETIMEOUT' })
      if (this.#waiting.size === 0) this.#stopTicking()
    })
  }

  #stopTicking(): void {
    clearInterval(this.#ticking)
    this.#ticking = undefined
    this.#over.clear()
  }
}
