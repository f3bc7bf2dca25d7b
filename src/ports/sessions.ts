// The table of live sessions, so that a stopped login is cut off in mid-sentence.

export interface Sessions {
  /** Ends every session of this login. */
  readonly cut: (login: string) => void
}
