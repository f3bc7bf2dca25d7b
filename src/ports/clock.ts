// What time it is. Nothing inside the engine reads a clock of its own, so that a day can pass in a second.

export interface Clock {
  /** Milliseconds since 1970, in the time Cordon lives in. */
  readonly now: () => number
  /** How long that span takes on a wrist watch. */
  real(ms: number): number
}
