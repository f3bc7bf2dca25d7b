// The sockets that listen and the threads of this process, one of which can be made to fail: what the parts of a Cordon open inside of
// themselves, for tests that break each in turn.

import { Socket } from 'node:dgram'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { Server } from 'node:net'
import type * as Threads from 'node:worker_threads'

// Only the module itself can be changed, not what is imported of it.
const threads = createRequire(import.meta.url)('node:worker_threads') as {
  Worker: typeof Threads.Worker
}

type Breakable = Disposable & {
  /** How many were opened since it was made, or since the last `breakNext`. */
  readonly opened: number
  /** Counts anew; the n-th from now on fails, as a port in use does, or a thread that throws. */
  breakNext(n: number): void
}

export function breakable(): Breakable {
  const { listen } = Server.prototype
  const { bind } = Socket.prototype
  const { Worker } = threads
  let opened = 0
  let broken = -1
  const isBroken = () => opened++ === broken
  const inUse = (one: NodeJS.EventEmitter) => {
    const error = { code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 1 }
    process.nextTick(() => one.emit('error', Object.assign(new Error('broken by the test'), error)))
    return one
  }
  Server.prototype.listen = function (this: Server, ...given: Parameters<typeof listen>) {
    return isBroken() ? inUse(this) : listen.apply(this, given)
  } as typeof listen
  Socket.prototype.bind = function (this: Socket, ...given: Parameters<typeof bind>) {
    return isBroken() ? inUse(this) : bind.apply(this, given)
  } as typeof bind
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options?: Threads.WorkerOptions) {
      super(isBroken() ? 'throw new Error("broken by the test")' : file, {
        ...options,
        ...(opened - 1 === broken ? { eval: true } : {}),
      })
    }
  }
  syncBuiltinESMExports()
  return {
    get opened() {
      return opened
    },
    breakNext: n => {
      opened = 0
      broken = n
    },
    [Symbol.dispose]: () => {
      Server.prototype.listen = listen
      Socket.prototype.bind = bind
      threads.Worker = Worker
      syncBuiltinESMExports()
    },
  }
}
