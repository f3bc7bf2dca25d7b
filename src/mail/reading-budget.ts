// How much work one message may make for the engine's thread while it is read. A step is a byte looked at once; every reader of parts
// says beforehand how many it will take. When they are spent, what has not been read is a fact of the message (`too-much-work`).

/**
 * Sixteen looks at each byte that is kept of a message (1 MiB). An honest one takes three to twelve: its parts are told from each
 * other at each depth, and decoded once.
 */
export const READING_STEPS = 16 * 1024 * 1024

/** More than was left, for reading it as it is sent, where that differs: 24 looks for both readings together. */
const AGAIN_STEPS = 8 * 1024 * 1024

export class ReadingBudget {
  #left: number

  constructor(steps = READING_STEPS) {
    this.#left = steps
  }

  /** False when there are not so many left: then it is not to be read. */
  take(steps: number): boolean {
    if (steps > this.#left) return false
    this.#left -= steps
    return true
  }

  /** For reading the same message in another form. */
  again(): ReadingBudget {
    return new ReadingBudget(Math.min(READING_STEPS, this.#left + AGAIN_STEPS))
  }
}
