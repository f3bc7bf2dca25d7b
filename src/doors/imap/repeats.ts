// Messages that were taken within the hour: a client whose reply got lost sends the same bytes again, and is told once more that they were
// taken. In memory: after a restart a repeat is a new message, as it is over SMTP.

import { HOUR } from '../../model/duration.ts'

/** Messages; the oldest is forgotten first. */
const MAX_REMEMBERED = 20_000

export type Repeats<T> = {
  /**
   * Does it, unless the same was done within the hour, or is being done; then with that answer. `isTaken`: an answer that is remembered;
   * after any other the next one is done anew.
   */
  once(key: string, work: () => Promise<T>): Promise<T>
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
      for (let before = known.get(key); before; before = known.get(key)) {
        const answer = await before.answer.catch(() => undefined)
        if (answer !== undefined && isTaken(answer)) return answer
      }
      const one = { at: now(), answer: work() }
      known.set(key, one)
      const isKept = await one.answer.then(isTaken, () => false)
      if (!isKept && known.get(key) === one) known.delete(key)
      return one.answer
    },
  }
}
