// The hold queue of a mail server beside us, by its own names of messages. What is done there is done by that server's own programs.

/** Messages that one call names at most. */
export const HELD_AT_ONCE = 500

/** Which of several servers it is: the name that it bears, and the folder of its queue. */
export type HeldWhere = { readonly hostname: string; readonly queue: string }

export interface HoldQueue {
  /** Names of all that is held there now. Rejects with HoldQueueAway when it cannot be said of all. */
  list(): Promise<ReadonlySet<string>>
  /** Lets messages go on their way, HELD_AT_ONCE at most. Resolves with those that were held; of the others nothing is changed. */
  release(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** The same: they are deleted. What has left the hold queue is not touched. */
  remove(ids: readonly string[]): Promise<ReadonlySet<string>>
}

/** It could not be asked, or did not do as asked. What was named first may have been done. */
export class HoldQueueAway extends Error {
  override readonly name = 'HoldQueueAway'
}
