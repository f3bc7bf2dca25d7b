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
}
