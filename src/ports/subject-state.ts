// What is known of one subject, as bytes that the store does not read: loaded, computed with in TypeScript, and written back on condition
// that no other caller wrote meanwhile. What is counted besides, and that it was told, is one transaction with it.

import type { Op, Reading } from '../model/counter.ts'

/** Bytes of one state. */
export const MAX_STATE = 1024
/** States in all: the ones that were not changed for longest go first. A provider of a million lines has about three million. */
export const MOST_STATES = 4_000_000
/** Keys of one load, and states of one swap: the subjects that one event is about. */
export const MAX_STATES = 16

export type KeptState = {
  readonly key: string
  /** 0: there is no state, and `bytes` is empty. Otherwise it changes with each swap, also for a key that was forgotten meanwhile. */
  readonly version: number
  readonly bytes: Uint8Array
}

export type Swap = {
  /**
   * Told twice within two days it is done once: `ok` with the readings of the first time, and no state is written, whatever their
   * versions. It is kept together with what it moved, before it is answered: after a restart all is there or nothing.
   * Without it a swap that is told twice is done twice, and is answered before it is kept: a crash may take the last seconds.
   */
  readonly once?: string
  readonly at: number
  /** Taken if no state is stale and none of them is over its limit. */
  readonly ops: readonly Op[]
  /** The new bytes of each state, with the version that was read. Empty bytes: forgotten. */
  readonly states: readonly KeptState[]
}

export type Loaded = { readonly states: readonly KeptState[] } | { readonly failed: string }

export type Swapped =
  | { readonly outcome: 'ok'; readonly repeated?: true; readonly readings: readonly Reading[] }
  /** Another caller wrote one of the states: nothing was done; load again. */
  | { readonly outcome: 'stale' }
  /** An operation is over its limit: nothing was done but what is marked `always`. */
  | {
      readonly outcome: 'refused'
      readonly refusedBy: number
      readonly resetAt: number
      readonly readings: readonly Reading[]
    }
  | { readonly failed: string }

export interface SubjectState {
  /**
   * In the order of the keys. Like `swap` it throws a RangeError for too many keys, one key twice, or too many bytes, which are mistakes
   * of the caller, and otherwise answers `failed` where the store is out of order.
   */
  load(keys: readonly string[]): Loaded | Promise<Loaded>
  swap(swap: Swap): Swapped | Promise<Swapped>
}
