// Who had which address when.

import type { Holder, Lease, LeaseChange } from '../model/lease.ts'

/** From then to then (ms). */
export type Between = { readonly since: number; readonly at: number }

export interface Leases {
  /** Who holds this address and port now. A shared address without a port is ambiguous. */
  holder(realm: string, address: string, port: number | undefined): Holder
  /** The same question about a moment in the past; or about some moment between two, where nobody knows exactly when. */
  holderAt(realm: string, address: string, port: number | undefined, at: number | Between): Holder
  current(subscriber: string): readonly Lease[]
  /** Open leases of exactly this prefix. */
  standing(realm: string, prefix: string): readonly Lease[]
  /**
   * Returns what is different now: those that this ends, because an address given anew is nobody else's any more, and the lease
   * itself, which is over already when the address has been given to somebody else since. One that stands already is replaced: it is
   * doubted, or is no longer.
   */
  open(lease: Lease): readonly Lease[]
  /**
   * The lease as it ended; nothing when it had ended before. Of one with a session only that session's, which began then; of one without
   * the subscriber's, whichever it is.
   */
  close(lease: Lease, at: number): readonly Lease[]
}

/** Addresses changed hands. Known at once; resolves when it is on disk, rejects when it could not be written. */
export type MoveLeases = (changes: readonly LeaseChange[]) => Promise<void>
