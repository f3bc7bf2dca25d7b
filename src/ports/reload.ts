// A person asks that the configuration is read again.

export type ReloadRequest = {
  /** The person that asks: a name of staff; or the name of the signal. */
  readonly by: string
  /** `by` is the name of a signal. */
  readonly isSignal?: true
  /** Why what would be lost is to go. */
  readonly despite?: string
  /** Nothing is changed: what would be is told, and which lines would open or close. */
  readonly dryRun?: boolean
}

export type ReloadAnswer = {
  /**
   * `bad-file`: it cannot be used as it is; `refused`: it could, and was not taken. Then nothing has changed. `unwritten`: taken, but
   * some of it is not on disk; the next reload tries again.
   */
  readonly outcome: 'done' | 'unwritten' | 'refused' | 'bad-file'
  /** For people, some lines: what has changed, or why nothing has. */
  readonly text: string
}

export type Reload = (request: ReloadRequest) => Promise<ReloadAnswer>
