// The order in which messages are read. A reading occupies the engine's thread, so it is done in pieces, and between two of them the
// commands of all other connections are heard.

/** `lane`: mail of our own people goes before strangers', and within a lane one message from each place in turn. */
export type ReadingTurn = { readonly lane: 'first' | 'rest'; readonly from: string }

export interface Readings {
  /** One piece: bounded work. Rejects as the work does, and when too many wait; then the message is put off. */
  run<T>(turn: ReadingTurn, work: () => Promise<T>): Promise<T>
}
