// The order in which messages are read. A reading occupies the engine's thread, so it is done in pieces, and between two of them the
// commands of all other connections are heard.

/** `lane`: mail of our own people goes before strangers', and within a lane one message from each place in turn. */
export type ReadingTurn = { readonly lane: 'first' | 'rest'; readonly from: string }

export interface Readings {
  /**
   * Before so many bytes of a header are looked at as they come in: wait for what it returns, if anything. Nothing is returned until the
   * headers of all messages have had their share of this turn of the loop.
   */
  header(bytes: number, turn: () => ReadingTurn): Promise<unknown> | undefined
  /** One piece: bounded work. Rejects as the work does, and when too many wait; the message is then deferred. */
  run<T>(turn: ReadingTurn, work: () => Promise<T>): Promise<T>
  /**
   * Work that waits for others most of the time, and of which what it does in the turn of the loop in which it is begun is not ours to
   * divide: nothing else is begun or read in that turn. Its end is not waited for. Rejects as `run` does.
   */
  begin<T>(turn: ReadingTurn, work: () => Promise<T>): Promise<T>
}
