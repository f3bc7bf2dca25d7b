// What goes with a customer or a login that leaves: its passwords, its app passwords, its second factor, its sessions. The one place for
// it, for every way in which a customer leaves: a reload, an import, a feed. What a crash leaves undone, the next start does
// (taking-over.ts and customers-own.ts).

import type { LedgerCredentials } from '../drivers/credentials/ledger-credentials.ts'
import type { Whose } from '../drivers/directory/known-to-ledger.ts'
import type { SecondFactors } from '../ports/second-factor.ts'
import type { Sessions } from '../ports/sessions.ts'

export type LeavingParts = {
  readonly credentials: Pick<LedgerCredentials, 'leave'>
  readonly factors: Pick<SecondFactors, 'remove'>
  readonly sessions: Sessions
}

export type Leaving = (left: readonly Whose[]) => Promise<void>

export function leaving({ credentials, factors, sessions }: LeavingParts): Leaving {
  return async left => {
    for (const { login } of left) if (login !== undefined) sessions.cut(login)
    await credentials.leave(left)
    for (const { subscriber, login } of left)
      if (login === undefined) await factors.remove(subscriber)
  }
}
