// Leases as they are kept on disk, the past ones included. The holder of an address now is looked up in `ports/leases.ts`.

import type { Lease } from '../model/lease.ts'

/** Leases that `holders` gives at most. */
export const MAX_HOLDERS = 1000

export type ListedLeases = {
  readonly of?: { readonly realm: string; readonly prefixes: readonly string[] }
  readonly limit: number
  readonly after?: Pick<Lease, 'from' | 'realm' | 'prefix' | 'subscriber'> & {
    readonly firstPort: number
    /** `sessionText` of it. */
    readonly session: string
  }
}

export interface LeaseRows {
  /** Those that are open, and those that ended after then; in the order in which they began. */
  leases(endedAfter: number): Promise<readonly Lease[]>
  /** All of them or none; one that is there already is as it is now. */
  putLeases(leases: readonly Lease[]): Promise<void>
  /** Those that held exactly one of these prefixes then, or within an hour of it; the newest first, `MAX_HOLDERS` and one more at most. */
  holders(realm: string, prefixes: readonly string[], at: number): Promise<readonly Lease[]>
  /** The newest first, by when they began: all, or those of exactly one of these prefixes. `after`: only those behind this one. */
  listLeases(asked: ListedLeases): Promise<readonly Lease[]>
  /** Forgets leases that ended before then, some thousands at most; how many. */
  forgetLeases(before: number): Promise<number>
}
