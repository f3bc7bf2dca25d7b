// What other servers hold for us: known from the ledger, released and deleted by the releaser on their machine.

import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import { socketHoldQueue } from '../drivers/releaser/socket-hold-queue.ts'
import {
  heldElsewhere,
  type HeldElsewhere,
  type HeldRecord,
} from '../engine/intake/elsewhere/held-elsewhere.ts'
import type { RecordRows } from '../ports/records.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'

const RELEASER = { releaser: 'restart' } as const satisfies Keys
export const HELD_ELSEWHERE_READS = [RELEASER]

export function openHeldElsewhere(
  scope: Scope,
  settings: Settings,
  { records, now }: { readonly records: RecordRows; readonly now: () => number },
): Promise<HeldElsewhere> {
  const { releaser } = settings.of(RELEASER).now
  return scope.open('mail held elsewhere', async () =>
    heldElsewhere({
      records: await ledgerRecords<HeldRecord>(records, 'held-elsewhere'),
      queue: releaser && socketHoldQueue(releaser.socket),
      now,
    }),
  )
}
