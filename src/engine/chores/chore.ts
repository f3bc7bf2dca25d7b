// What is done every so often: an entry of the list in chores.ts.

export type Chore<P> = {
  /** Its name in the log. */
  readonly name: string
  /** In ms of the time Cordon lives in. */
  readonly every: number
  /** On every node, about what each has of its own; or on one, about what all of them share. */
  readonly where: 'everywhere' | 'once'
  /** Also done once before Cordon is ready; or begun then, and not waited for. */
  readonly first?: true | 'begun'
  /** It may take long: while a run goes on, no other is begun. */
  readonly alone?: true
  /** `stopping` says that Cordon stops: what can wait for the next start is left then. */
  run(parts: P, at: number, stopping: AbortSignal): Promise<unknown>
}
