// What other servers hold for us: known from the ledger, released and deleted by the releaser on their machine.

import { setTimeout } from 'node:timers/promises'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import { socketHoldQueue } from '../drivers/releaser/socket-hold-queue.ts'
import { heldElsewhere, type HeldElsewhere } from '../engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../engine/intake/elsewhere/held-record.ts'
import type { Clock } from '../ports/clock.ts'
import type { RecordRows } from '../ports/records.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'

const RELEASER = { releaser: 'restart' } as const satisfies Keys
const ASKING = { milter: 'restart', policyService: 'restart' } as const satisfies Keys
export const HELD_ELSEWHERE_READS = [RELEASER, ASKING]

/** ms. A releaser that answers later is waited for by nothing but mail over a limit. */
const ASKED_WITHIN = 5000

/** Asks the releaser for the first time, before a door that depends on it answers. */
export async function askReleaser(
  settings: Settings,
  elsewhere: Pick<HeldElsewhere, 'ask'>,
): Promise<void> {
  const { releaser } = settings.of(RELEASER).now
  const { milter, policyService } = settings.of(ASKING).now
  if (!releaser || !(milter || policyService)) return
  const late = new AbortController()
  const answered = elsewhere.ask().finally(() => late.abort())
  const inTime = setTimeout(ASKED_WITHIN, undefined, { signal: late.signal })
  // What is wrong with it is said by the chore that asks once a minute.
  await Promise.allSettled([Promise.race([answered, inTime])])
}

export function openHeldElsewhere(
  scope: Scope,
  settings: Settings,
  { records, clock }: { readonly records: RecordRows; readonly clock: Clock },
): Promise<HeldElsewhere> {
  const { releaser } = settings.of(RELEASER).now
  return scope.open('mail held elsewhere', async () =>
    heldElsewhere({
      records: await ledgerRecords<HeldRecord>(records, 'held-elsewhere'),
      queue: releaser && socketHoldQueue(releaser.socket),
      now: clock.now,
      passed: clock.passed,
    }),
  )
}
