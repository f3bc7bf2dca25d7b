// Who had which address when.

import type { Holder, Lease } from '../model/lease.ts'

export interface Leases {
  /** Who holds this address and port now. A shared address without a port is ambiguous. */
  holder(realm: string, address: string, port: number | undefined): Holder
  /** The same question about a moment in the past. */
  holderAt(realm: string, address: string, port: number | undefined, at: number): Holder
  current(subscriber: string): readonly Lease[]
  /** Returns the leases that this ends: an address given anew is nobody else's any more. */
  open(lease: Lease): readonly Lease[]
  close(lease: Lease, at: number): void
}
