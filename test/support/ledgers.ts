// Every ledger there is, for the contracts of its ports: in memory, as if it were somewhere else, and in a file.

import { join } from 'node:path'
import { test } from 'node:test'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { slowLedger } from '../../src/drivers/slow/slow-stores.ts'
import { DAY } from '../../src/model/duration.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { SavedCase } from '../../src/ports/cases.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import { memoryLedger } from '../../src/simulation/virtual/virtual-cordon.ts'
import { atEnd, folderOf } from './owned.ts'

export const AT = Date.UTC(2026, 5, 1)

const LEDGERS: Readonly<Record<string, (path: string) => Promise<Ledger>>> = {
  memory: () => memoryLedger(),
  slow: async () => slowLedger(await memoryLedger()),
  file: path => openLedgerFile(path),
}

export type OpenedLedger = {
  readonly ledger: Ledger
  /** The same ledger opened anew, where it outlives its process. */
  readonly again: () => Promise<Ledger>
}

/** One test for each of them. */
export function withLedgers(what: string, body: (opened: OpenedLedger) => Promise<void>): void {
  for (const [name, open] of Object.entries(LEDGERS))
    void test(`${name}: ${what}`, async t => {
      const path = join(folderOf(t), 'ledger.db')
      let ledger = await open(path)
      atEnd(t, () => ledger.close())
      const again = async () => {
        if (name !== 'file') return ledger
        await ledger.close()
        ledger = await open(path)
        return ledger
      }
      await body({ ledger, again })
    })
}

/** Anna's line, watched. */
export const CASE: Incident = {
  id: 'i1',
  rev: 0,
  caseCode: 'K7-2M9Q',
  subject: 'line:anna',
  subscriber: 'anna',
  status: 'watched',
  openedAt: AT,
  changedAt: AT,
  sum: 0,
  holdAt: 4,
  containAt: 8,
  kinds: [],
  epoch: 0,
  summary: '',
}

/** What isolates her line until the next day. */
export const ISOLATED: SavedCase['decisions'][number] = {
  id: 'd1',
  incident: 'i1',
  subject: 'line:anna',
  kind: 'isolate',
  at: AT,
  until: AT + DAY,
  by: 'evidence',
}

/** Saved for certain: a slow store says now and then that somebody was faster. */
export async function saveCase(
  { cases }: Pick<Ledger, 'cases'>,
  incident: Incident,
  rest: Partial<Omit<SavedCase, 'incident' | 'expectedRev'>> = {},
): Promise<void> {
  const whole = { incident, decisions: [], evidence: [], notices: [], ...rest }
  while (
    (await cases.saveCase({ ...whole, expectedRev: cases.rev(incident.subject) })) === 'stale'
  );
}
