// One after the other: work that reads a state, waits, and writes what it made of it must not meet other such work in between. Whoever
// waits for a turn must not hold one.

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** Where nobody else is. */
export const AT_ONCE: InTurn = work => work()

/** In the order in which they are asked for; one that fails keeps nobody waiting. */
export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
