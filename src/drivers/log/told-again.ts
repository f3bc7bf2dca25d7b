// Trouble that comes again and again, as of a file that is looked for each second: the same words are told once a minute, with how often they
// came in between.

import { BoundedMap } from '../../model/bounded-map.ts'
import { MINUTE } from '../../model/duration.ts'

/** Different words that are remembered. */
const MOST = 1000

type Announced = { readonly at: number; since: number }

/** `now`: ms of a clock that never jumps. */
export class ToldAgain {
  readonly #now: () => number
  readonly #told = new BoundedMap<string, Announced>(MOST)

  constructor(now: () => number) {
    this.#now = now
  }

  /** Undefined: not to be told now. Otherwise how often these words came, and were not told, since they were. */
  hear(words: string): number | undefined {
    const now = this.#now()
    const told = this.#told.get(words)
    if (told && now - told.at < MINUTE) {
      told.since++
      return undefined
    }
    this.#told.delete(words)
    this.#told.set(words, { at: now, since: 0 })
    return told?.since ?? 0
  }
}
