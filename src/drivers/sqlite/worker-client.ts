// Asks a worker thread and waits for its answer, many questions at once. A worker that dies fails every question
// from then on, so that nobody is ever told that something is kept by a store that is not there.

import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Answered, WorkerStart } from './asked.ts'

export type WorkerClient<C, A> = {
  ask(call: C, transfer?: readonly ArrayBuffer[]): Promise<A>
  close(): Promise<void>
}

export function startWorker<C, A>(file: URL, start: WorkerStart): WorkerClient<C, A> {
  const worker = new Worker(file, { workerData: start })
  const waiting = new Map<
    number,
    { resolve: (answer: A) => void; reject: (error: Error) => void }
  >()
  let n = 0
  let dead: Error | undefined
  const fail = (error: Error) => {
    dead = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (answers: readonly Answered<A>[]) => {
    for (const { n: which, answer, error } of answers) {
      const asked = waiting.get(which)
      waiting.delete(which)
      if (error !== undefined) asked?.reject(new StoreUnavailable(error))
      else asked?.resolve(answer as A)
    }
  })
  worker.on('error', error => fail(new StoreUnavailable(`${start.path} stopped: ${error}`)))
  worker.on('exit', () => fail(new StoreUnavailable(`${start.path} is closed`)))
  return {
    ask: (call, transfer = []) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        n++
        waiting.set(n, { resolve, reject })
        worker.postMessage({ n, ask: call }, [...transfer])
      }),
    close: () =>
      new Promise(resolve => {
        if (dead) return resolve()
        worker.once('exit', () => resolve())
        worker.postMessage('close')
      }),
  }
}
