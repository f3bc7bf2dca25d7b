// Runs until a signal asks it to stop: the first signal closes in order, the second ends at once, with the exit code of a program that
// this signal killed (128 and its number).

import { constants } from 'node:os'

/**
 * The same signal again within this (ms) is the first one, told by two: a terminal and a service manager signal a whole group of processes,
 * and npm and bin/cordon.mjs pass on what they get.
 */
const ECHO = 200

/** Resolves at SIGINT or SIGTERM, or when `done` does, with what that resolves with. */
export function untilTold<T = never>(done?: Promise<T>): Promise<T | undefined> {
  return new Promise(resolve => {
    let first: { readonly signal: string; readonly at: number } | undefined
    const stop = (signal: 'SIGINT' | 'SIGTERM') => {
      const at = performance.now()
      if (first?.signal === signal && at - first.at < ECHO) return
      if (first) process.exit(128 + constants.signals[signal])
      first = { signal, at }
      resolve(undefined)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
    void done?.then(resolve)
  })
}
