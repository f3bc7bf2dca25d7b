// Runs until somebody asks it to stop: the first signal closes in order, the second ends at once.

/** Resolves at SIGINT or SIGTERM, or when `done` does, with what that resolves with. */
export function untilTold<T = never>(done?: Promise<T>): Promise<T | undefined> {
  return new Promise(resolve => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(130)
      asked = true
      resolve(undefined)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
    void done?.then(resolve)
  })
}
