// Addresses change hands: known at once, written down, told to the journal, and the network is brought in line. Who had an
// address before goes first: what was put on it for their sake must not meet its next holder.

import type { Lease, LeaseChange } from '../model/lease.ts'
import type { Leases } from '../ports/leases.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Reporter } from './report.ts'

export type MoveLeasesParts = {
  readonly leases: Leases
  readonly ledger: Pick<Ledger, 'putLeases'>
  readonly reporter: Pick<Reporter, 'note'>
  /** The network of one customer; in the background. */
  readonly reconcile: (subscriber: string) => void
  readonly now: () => number
}

/** Resolves when it is on disk. */
export async function moveLeases(
  { leases, ledger, reporter, reconcile, now }: MoveLeasesParts,
  changes: readonly LeaseChange[],
): Promise<void> {
  const changed: Lease[] = []
  const at = now()
  for (const { kind, lease } of changes)
    changed.push(...(kind === 'open' ? leases.open(lease) : leases.close(lease, lease.to ?? at)))
  for (const lease of changed)
    reporter.note({ kind: lease.to === undefined ? 'lease-opened' : 'lease-closed', at, lease })
  const subscribers = (over: boolean) =>
    changed.filter(({ to }) => (to !== undefined) === over).map(({ subscriber }) => subscriber)
  for (const subscriber of new Set([...subscribers(true), ...subscribers(false)]))
    reconcile(subscriber)
  await ledger.putLeases(changed)
}
