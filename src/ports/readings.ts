// Whose turn it is to be read. A reading occupies the engine's thread, so it is done in pieces, and between two of them everybody else's
// commands are heard.

/** Whose it is: our own people's goes before strangers', and of those one from each place in turn. */
export type ReadingTurn = { readonly lane: 'first' | 'rest'; readonly from: string }

export interface Readings {
  /** One piece: bounded work. Rejects as the work does, and when too many wait; then the message is put off. */
  run<T>(turn: ReadingTurn, work: () => Promise<T>): Promise<T>
}
