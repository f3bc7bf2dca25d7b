// Runs until somebody asks it to stop: the first signal closes in order, the second ends at once, with the exit code of a program that
// this signal killed (128 and its number).

import { constants } from 'node:os'

/** Resolves at SIGINT or SIGTERM, or when `done` does, with what that resolves with. */
export function untilTold<T = never>(done?: Promise<T>): Promise<T | undefined> {
  return new Promise(resolve => {
    let asked = false
    const stop = (signal: 'SIGINT' | 'SIGTERM') => {
      if (asked) process.exit(128 + constants.signals[signal])
      asked = true
      resolve(undefined)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
    void done?.then(resolve)
  })
}
