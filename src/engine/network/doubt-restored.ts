// After a backup was put back: each lease that there is, for drivers whose device may have been told otherwise since.

import type { Restriction } from '../../model/decision.ts'
import type { Leases } from '../../ports/leases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { isolatedOn, withTaken } from './met-alone.ts'

export type DoubtParts = {
  readonly leases: Pick<Leases, 'current' | 'taken'>
  readonly subscribers: Pick<Subscribers, 'all'>
  readonly trouble: (error: unknown, about: string) => void
}

/** What cannot be written down is tried again with the next comparison. */
export function doubtRestored(parts: DoubtParts, driver: NetworkControl): void {
  try {
    driver.doubtRestored?.(() => eachLease(parts))
  } catch (error) {
    parts.trouble(error, `doubting what ${driver.name} holds since a backup was put back`)
  }
}

function* eachLease({ leases, subscribers }: DoubtParts): Generator<Restriction> {
  for (const { id } of subscribers.all())
    for (const lease of withTaken(leases, id)) {
      const { decision: _, ...entry } = isolatedOn(lease)
      yield { ...entry, began: lease.from }
    }
}
