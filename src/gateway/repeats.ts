// Messages whose client may not have heard that they were taken: it says the same bytes again on another connection, and is told once more,
// within the hour. A client that speaks on after our answer has heard it; what it then says again is a message of its own, and is sent. In
// memory: after a restart a repeat is a new message, as it is over SMTP.

import { HOUR } from '../model/duration.ts'

/** Messages; the oldest is forgotten first. */
const MAX_REMEMBERED = 20_000

export type Repeats<T> = {
  /**
   * Does it, unless the same was done within the hour without being heard of, or is being done; then with that answer. `isTaken`: an answer
   * that is remembered; after any other the next one is done anew.
   */
  once(
    key: string,
    work: () => Promise<T>,
  ): Promise<{
    readonly answer: T
    readonly isRepeat: boolean
    /** The client has heard the answer. */
    readonly heard: () => void
  }>
}

export function repeats<T>(given: {
  readonly now: () => number
  readonly isTaken: (answer: T) => boolean
}): Repeats<T> {
  const { now, isTaken } = given
  const known = new Map<string, { readonly at: number; readonly answer: Promise<T> }>()
  const forget = () => {
    for (const [key, { at }] of known) {
      if (now() - at < HOUR && known.size <= MAX_REMEMBERED) return
      known.delete(key)
    }
  }
  return {
    once: async (key, work) => {
      forget()
      const heardOf = (one: unknown) => () => {
        if (known.get(key) === one) known.delete(key)
      }
      for (let before = known.get(key); before; before = known.get(key)) {
        const answer = await before.answer.catch(() => undefined)
        if (answer !== undefined && isTaken(answer))
          return { answer, isRepeat: true, heard: heardOf(before) }
        if (known.get(key) === before) known.delete(key)
      }
      const one = { at: now(), answer: work() }
      known.set(key, one)
      const isKept = await one.answer.then(isTaken, () => false)
      if (!isKept) heardOf(one)()
      return { answer: await one.answer, isRepeat: false, heard: heardOf(one) }
    },
  }
}
