// Addresses change hands: known at once, written down, told to the journal, and the network is brought in line. The former
// holder of an address goes first: what was put on the address because of them must not meet its next holder.

import { type Lease, sessionText } from '../../model/lease.ts'
import { textKey } from '../../model/text-key.ts'
import type { Leases, MoveLeases } from '../../ports/leases.ts'
import type { LeaseRows } from '../../ports/lease-rows.ts'
import type { Reporter } from '../evidence/report.ts'
import { customersAround } from './overlapping.ts'

export type MoveLeasesParts = {
  readonly leases: Leases
  readonly leaseRows: Pick<LeaseRows, 'putLeases'>
  readonly reporter: Pick<Reporter, 'note'>
  /** The network of one customer; in the background. */
  readonly reconcile: (subscriber: string) => void
  readonly now: () => number
}

/** Leases that wait for a disk that is full; further leases are known, and lost at a restart. */
const MAX_WAITING = 500_000

/**
 * One write at a time, of all that has changed until then. What could not be written is written with the next changes, also with
 * none: no caller is told that something is kept before it is.
 */
export function leaseMover(parts: MoveLeasesParts): MoveLeases {
  const { leases, leaseRows, reporter, reconcile, now } = parts
  let waiting = new Map<string, Lease>()
  let queue: Promise<void> = Promise.resolve()
  const write = async () => {
    const batch = waiting
    if (batch.size === 0) return
    waiting = new Map()
    try {
      await leaseRows.putLeases([...batch.values()])
    } catch (error) {
      // What has changed again meanwhile is newer.
      for (const [key, lease] of batch)
        if (!waiting.has(key) && waiting.size < MAX_WAITING) waiting.set(key, lease)
      throw error
    }
  }
  return changes => {
    const changed: Lease[] = []
    const at = now()
    for (const { kind, lease } of changes)
      changed.push(...(kind === 'open' ? leases.open(lease) : leases.close(lease, lease.to ?? at)))
    for (const lease of changed) {
      waiting.set(keyOf(lease), lease)
      reporter.note({ kind: lease.to === undefined ? 'lease-opened' : 'lease-closed', at, lease })
    }
    const ended = changed.filter(({ to }) => to !== undefined)
    const begun = changed.filter(({ to }) => to === undefined)
    const around = begun.flatMap(lease => customersAround(leases, lease))
    const freed = ended.flatMap(lease => customersAround(leases, lease))
    const own = [...ended, ...begun].map(lease => lease.subscriber)
    for (const subscriber of new Set([...around, ...own, ...freed])) reconcile(subscriber)
    const written = queue.then(write)
    queue = written.catch(() => undefined)
    return written
  }
}

const keyOf = (lease: Lease): string => {
  const { realm, prefix, ports, subscriber, from } = lease
  return textKey(realm, prefix, `${ports?.[0] ?? 0}`, subscriber, `${from}`, sessionText(lease))
}
