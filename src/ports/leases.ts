// Who had which address when.

import type { Holder, Lease, LeaseChange } from '../model/lease.ts'

export interface Leases {
  /** Who holds this address and port now. A shared address without a port is ambiguous. */
  holder(realm: string, address: string, port: number | undefined): Holder
  /** The same question about a moment in the past. */
  holderAt(realm: string, address: string, port: number | undefined, at: number): Holder
  current(subscriber: string): readonly Lease[]
  /**
   * Returns what is different now: those that this ends, because an address given anew is nobody else's any more, and the lease
   * itself, which is over already when the address has been given to somebody else since.
   */
  open(lease: Lease): readonly Lease[]
  /** The lease as it ended; nothing when it had ended before. */
  close(lease: Lease, at: number): readonly Lease[]
}

/** Addresses changed hands. Known at once; resolves when it is on disk, rejects when it could not be written. */
export type MoveLeases = (changes: readonly LeaseChange[]) => Promise<void>
