// Messages whose client may not have heard that they were taken: it says the same bytes again on another connection, and is told once more,
// within the hour. What is said again on one connection is a message of its own, and is sent; both are then remembered. In memory: after a
// restart a repeat is a new message, as it is over SMTP.

import { HOUR } from '../model/duration.ts'

/** Messages; the oldest is forgotten first. */
const MAX_REMEMBERED = 20_000

/** A message that was taken, or is being taken. */
export type Remembered<T> = {
  readonly key: string
  readonly at: number
  readonly answer: Promise<T>
  /** What is to be done with it beside sending it (its copy), and was not. */
  isUnfinished: boolean
}

export type Repeats<T> = {
  /**
   * Does it, unless the same was done within the hour on another connection, or is being done; then with that answer. `told`: what was said on
   * this connection. Only an answer that is taken is remembered; after any other the next one is done anew.
   */
  once(
    key: string,
    told: Set<Remembered<T>>,
    work: () => Promise<T>,
  ): Promise<{ readonly answer: T; readonly isRepeat: boolean; readonly one: Remembered<T> }>
  /** Its client has heard the answer: what is the same is a message of its own from now on. */
  forget(one: Remembered<T>): void
}

export function repeats<T>(given: {
  readonly now: () => number
  readonly isTaken: (answer: T) => boolean
}): Repeats<T> {
  const { now, isTaken } = given
  const known = new Map<string, Set<Remembered<T>>>()
  /** All of them, the oldest first. */
  const all = new Set<Remembered<T>>()
  const forget = (one: Remembered<T>) => {
    all.delete(one)
    const same = known.get(one.key)
    same?.delete(one)
    if (same?.size === 0) known.delete(one.key)
  }
  const forgetOld = () => {
    for (const one of all) {
      if (now() - one.at < HOUR && all.size <= MAX_REMEMBERED) return
      forget(one)
    }
  }
  const before = (key: string, told: ReadonlySet<Remembered<T>>) =>
    [...(known.get(key) ?? [])].find(one => !told.has(one))
  return {
    forget,
    once: async (key, told, work) => {
      forgetOld()
      for (const one of told) if (!all.has(one)) told.delete(one)
      for (let one = before(key, told); one; one = before(key, told)) {
        told.add(one)
        const answer = await one.answer.catch(() => undefined)
        if (answer !== undefined && isTaken(answer)) return { answer, isRepeat: true, one }
        forget(one)
      }
      const one = { key, at: now(), answer: work(), isUnfinished: false }
      all.add(one)
      known.set(key, (known.get(key) ?? new Set()).add(one))
      told.add(one)
      const isKept = await one.answer.then(isTaken, () => false)
      if (!isKept) forget(one)
      return { answer: await one.answer, isRepeat: false, one }
    },
  }
}
