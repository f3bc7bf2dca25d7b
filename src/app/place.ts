// Where a running Cordon listens, and what it follows: for `serve`'s report and for programs that started it.

export type OpenPlace = {
  /** The door, sensor or page. */
  readonly kind: string
  /** Absent where nothing listens: a file that is followed. */
  readonly port?: number
  /** One line, as `serve` prints it. */
  readonly status: string
}

/** The ports of one kind, in the order in which they were opened. */
export const portsOf = (places: readonly OpenPlace[], kind: string): readonly number[] =>
  places.flatMap(place => (place.kind === kind && place.port !== undefined ? [place.port] : []))
