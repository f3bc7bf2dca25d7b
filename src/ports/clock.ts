// What time it is. Nothing inside the engine reads a clock of its own, so that a day can pass in a second.

export interface Clock {
  /** Milliseconds since 1970, in the time Cordon lives in. */
  readonly now: () => number
  /** Milliseconds since some moment, in that time: it does not jump and does not go back when the clock of the machine is set. */
  readonly passed: () => number
  /** How long that span takes on a wrist watch. */
  real(ms: number): number
}
