// Runs until somebody asks it to stop: the first signal closes in order, the second ends at once.

/** Resolves at SIGINT or SIGTERM, or when `done` does. */
export function untilTold(done?: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
    void done?.then(() => resolve())
  })
}
