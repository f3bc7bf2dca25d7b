// Who had which address when.

import type { Holder, Lease } from '../model/lease.ts'

export interface Leases {
  /** Who holds this address and port now. A shared address without a port is ambiguous. */
  holder(realm: string, address: string, port: number | undefined): Holder
  /** The same question about a moment in the past. */
  holderAt(realm: string, address: string, port: number | undefined, at: number): Holder
  current(subscriber: string): readonly Lease[]
  open(lease: Lease): void
  close(lease: Lease, at: number): void
}
