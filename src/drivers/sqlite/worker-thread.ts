// One thread with a database, from its start to its end: asked many questions at once, each answered once at most. What it was asked
// and has not answered when it ends is `halfDone`: it may have been done. Whether another one follows is worker-client.ts's business.

import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Answered, WorkerMessage, WorkerStart } from './asked.ts'

export type WorkerThread<C, A> = {
  ask(call: C, transfer: readonly ArrayBuffer[]): Promise<A>
  close(): Promise<unknown>
  /** Resolves with why it ended, however that was. */
  readonly ended: Promise<Error>
}

/** A thread that could not open its database. */
export class NotOpened extends Error {
  /** A full disk, a right that is missing: it may go well another time. */
  readonly mayPass: boolean

  constructor(message: string, mayPass: boolean) {
    super(message)
    this.mayPass = mayPass
  }
}

/** What a thread had open is no longer what lies under its name: opening it again would begin with another file. */
export class FileGone extends Error {}

/**
 * Calls that wait for their answer; more are refused at once, and mail is answered 4xx. Connections, imports and chores wait for their
 * calls, so that a healthy store never sees a hundredth of it.
 */
export const MAX_CALLS = 100_000

/** Resolves when the database is open; rejects with NotOpened, and then the thread has ended. */
export function openThread<C, A>(file: URL, start: WorkerStart): Promise<WorkerThread<C, A>> {
  const worker = new Worker(file, { workerData: start })
  const waiting = new Map<number, Pick<PromiseWithResolvers<A>, 'resolve' | 'reject'>>()
  const opened = Promise.withResolvers<WorkerThread<C, A>>()
  const ended = Promise.withResolvers<Error>()
  let n = 0
  let over: Error | undefined
  let why: Error | undefined

  const answered = ({ n: which, answer, error }: Answered<A>) => {
    const asked = waiting.get(which)
    waiting.delete(which)
    if (error !== undefined) asked?.reject(new StoreUnavailable(error))
    else asked?.resolve(answer as A)
  }
  worker.on('message', (said: WorkerMessage<A>) => {
    if (said === 'open') opened.resolve(thread)
    else if ('failed' in said) why = new NotOpened(said.failed, said.mayPass)
    else if ('gone' in said) why = new FileGone(said.gone)
    else said.forEach(answered)
  })
  worker.on('error', error => (why ??= new Error(`${start.path} stopped: ${error}`)))
  // Not before: what it has answered by then has been heard.
  worker.on('exit', () => {
    over = why ?? new Error(`${start.path} is closed`)
    for (const { reject } of waiting.values())
      reject(new StoreUnavailable(over.message, { halfDone: true }))
    waiting.clear()
    opened.reject(over)
    ended.resolve(over)
  })
  const thread: WorkerThread<C, A> = {
    ended: ended.promise,
    ask: (call, transfer) =>
      new Promise((resolve, reject) => {
        if (over) return reject(new StoreUnavailable(over.message))
        if (waiting.size >= MAX_CALLS)
          return reject(new StoreUnavailable(`${start.path}: ${MAX_CALLS} calls wait already`))
        n++
        worker.postMessage({ n, ask: call }, [...transfer])
        waiting.set(n, { resolve, reject })
      }),
    close: () => {
      if (!over) worker.postMessage('close')
      return ended.promise
    },
  }
  return opened.promise
}
