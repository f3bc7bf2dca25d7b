// Which subscriber had which address when.

import type { Holder, Lease, LeaseChange } from '../model/lease.ts'

/** From then to then (ms). */
export type Between = { readonly since: number; readonly at: number }

export interface Leases {
  /** The holder of this address and port now. A shared address without a port is ambiguous. */
  holder(realm: string, address: string, port: number | undefined): Holder
  /** The same question about a moment in the past; or about some moment between two, where the exact moment is not known. */
  holderAt(realm: string, address: string, port: number | undefined, at: number | Between): Holder
  current(subscriber: string): readonly Lease[]
  /** Ended ones that others have taken, and of whose own sessions no end was told (`isTaken`). */
  taken(subscriber: string): readonly Lease[]
  /** Open leases of exactly this prefix. */
  standing(realm: string, prefix: string): readonly Lease[]
  /** Open leases of narrower prefixes in this one. */
  within(realm: string, prefix: string): readonly Lease[]
  /** Open leases of wider prefixes around this one. */
  around(realm: string, prefix: string): readonly Lease[]
  /** Leases of exactly this prefix that began after `at` (ms), also those that have ended since; ends of the last day are known. */
  begunSince(realm: string, prefix: string, at: number): readonly Lease[]
  /**
   * Returns what is different now: leases that this ends, because an address given anew has no other holder any more, and the lease
   * itself, which is over already when another subscriber has been given the address since. One that stands already is replaced: it is
   * doubted, or is no longer.
   */
  open(lease: Lease): readonly Lease[]
  /**
   * Returns the lease as it ended; nothing when it had ended before. With a session only that session's lease ends, which began then;
   * without one the subscriber's lease ends, whichever session it has.
   */
  close(lease: Lease, at: number): readonly Lease[]
}

/**
 * Addresses changed hands. Known at once, each change before the next one is asked for; resolves when it is on disk, rejects when it could
 * not be written.
 */
export type MoveLeases = (changes: Iterable<LeaseChange>) => Promise<void>
