// Starts door threads and keeps them running: each listens on the same ports, asks this thread's engine, and is told
// of stopped logins and of what was read again. A thread that dies takes its connections with it and is started again.

import { MessageChannel, Worker } from 'node:worker_threads'
import { type Served, serveEngine } from './serve-engine.ts'

/** From a door thread. */
export type FromThread =
  | { readonly ports: readonly number[] }
  | { readonly trouble: string; readonly about: string }
  | { readonly failed: Failed }
/** What an error of the system carries, which a message between threads loses: the sentence for people is made of it. */
type Failed = {
  readonly message: string
  readonly code?: string
  readonly syscall?: string
  readonly address?: string
  readonly port?: number
  readonly path?: string
}

/** To a door thread. */
export type ToThread<C> = { readonly replace: C } | { readonly close: number }

export type ThreadsWanted<S, C> = {
  readonly count: number
  /** The program of a thread; gets `{ start, port }` as its data. */
  readonly file: URL
  /** What the thread with this number is started with; `ports` are those the first one got. */
  readonly start: (thread: number, ports: readonly number[] | undefined) => S
  /** What may change while it runs, as it is now. */
  readonly live: () => C
  readonly trouble: (error: unknown, about: string) => void
}

export type DoorThreads<C> = {
  readonly ports: readonly number[]
  cut(login: string): void
  replace(live: C): void
  close(graceMs: number): Promise<void>
}

type Running = {
  readonly worker: Worker
  readonly ports: readonly number[]
  readonly exited: Promise<void>
  cut(login: string): void
}

/** Before a thread that died is started again, in ms: one that dies at once must not burn the machine. */
const AGAIN_AFTER = 1000

export function failedWith(error: unknown): Failed {
  if (!(error instanceof Error)) return { message: String(error) }
  const { message, code, syscall, address, port, path } = error as Error & Omit<Failed, 'message'>
  const system = { code, syscall, address, port, path }
  const known = Object.entries(system).filter(([, value]) => value !== undefined)
  return { message, ...Object.fromEntries(known) }
}

/** Resolves when all of them listen; rejects when one of them cannot, and then none is left. */
export async function startDoorThreads<S, C>(
  served: Served,
  wanted: ThreadsWanted<S, C>,
): Promise<DoorThreads<C>> {
  const running = new Map<number, Running>()
  const restarts = new Set<NodeJS.Timeout>()
  let closing = false

  const begin = async (thread: number, ports: readonly number[] | undefined) => {
    const one = await startThread(served, wanted, wanted.start(thread, ports))
    running.set(thread, one)
    void one.exited.then(() => {
      running.delete(thread)
      if (closing) return
      wanted.trouble(new Error(`door thread ${thread} ended`), 'its connections are lost')
      again(thread, one.ports)
    })
    return one
  }
  const again = (thread: number, ports: readonly number[]) => {
    const timer = setTimeout(() => {
      restarts.delete(timer)
      begin(thread, ports).catch(error => {
        wanted.trouble(error, `starting door thread ${thread} again`)
        if (!closing) again(thread, ports)
      })
    }, AGAIN_AFTER)
    restarts.add(timer)
  }

  const { ports } = await begin(0, undefined)
  const others = Array.from({ length: wanted.count - 1 }, (_, i) => begin(i + 1, ports))
  // Each has either begun or failed before anything is given back.
  const failed = (await Promise.allSettled(others)).find(one => one.status === 'rejected')
  if (failed) {
    closing = true
    for (const timer of restarts) clearTimeout(timer)
    await Promise.all([...running.values()].map(({ worker }) => worker.terminate()))
    throw failed.reason
  }
  const tell = (said: ToThread<C>) => {
    for (const { worker } of running.values()) worker.postMessage(said)
  }
  return {
    ports,
    cut: login => {
      for (const one of running.values()) one.cut(login)
    },
    replace: live => tell({ replace: live }),
    close: async graceMs => {
      closing = true
      for (const timer of restarts) clearTimeout(timer)
      tell({ close: graceMs })
      await Promise.all([...running.values()].map(one => one.exited))
    },
  }
}

function startThread<S, C>(
  served: Served,
  wanted: ThreadsWanted<S, C>,
  start: S,
): Promise<Running> {
  const { port1, port2 } = new MessageChannel()
  const { cut } = serveEngine(served, port1)
  const worker = new Worker(wanted.file, {
    workerData: { start, live: wanted.live(), port: port2 },
    transferList: [port2],
  })
  const exited = new Promise<void>(resolve => {
    worker.once('exit', () => {
      port1.close()
      resolve()
    })
  })
  return new Promise((resolve, reject) => {
    worker.on('error', error => {
      wanted.trouble(error, 'a door thread')
      reject(error)
    })
    worker.once('exit', () => reject(new Error('a door thread ended before it listened')))
    worker.on('message', (said: FromThread) => {
      if ('ports' in said) resolve({ worker, ports: said.ports, exited, cut })
      else if ('failed' in said) {
        const { message, ...system } = said.failed
        reject(Object.assign(new Error(message), system))
        void worker.terminate()
      } else wanted.trouble(said.trouble, said.about)
    })
  })
}
