// One after the other: work that reads a state, waits, and writes what it made of it must not meet other such work in between. Work that
// waits for a turn must not hold one.

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** Where there is no other work. */
export const AT_ONCE: InTurn = work => work()

/** In the order in which they are asked for; one that fails does not block the next. */
export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
