// The stores: what must not be lost (ledger, spool, keys), what may lose a second (counters), and what is written down of every event
// (journal). All of them are in the data folder, which one Cordon holds at a time.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type KeptCounters, openCounters } from '../drivers/counters/kept-counters.ts'
import { type OwnKeys, ownKeys } from '../drivers/identity/own-keys.ts'
import { nodeName } from '../drivers/identity/node-name.ts'
import { createEventBus, type EventBus } from '../drivers/journal/event-bus.ts'
import { openJournal } from '../drivers/journal/journal-file.ts'
import { refusals } from '../drivers/journal/refusals.ts'
import { openLedgerFile } from '../drivers/ledger/ledger-file.ts'
import { openSpool } from '../drivers/spool/spool-sqlite.ts'
import { areStoresSlow, slowCounters, slowLedger, slowSpool } from '../drivers/slow/slow-stores.ts'
import { holdFolder } from '../drivers/sqlite/hold-folder.ts'
import { refusalIds } from '../mail/refusal-id.ts'
import type { Event } from '../model/event.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Refusals } from '../ports/refusals.ts'
import type { Spool } from '../ports/spool.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

export type Stores = {
  readonly ledger: Ledger
  readonly spool: Spool
  readonly counters: KeptCounters
  readonly events: EventBus
  readonly refusals: Refusals
  readonly keys: OwnKeys
  /** What ids of events begin with: this node and this start. */
  readonly node: string
}

const FOLDER = { dataFolder: 'restart', hostname: 'restart' } as const satisfies Keys
export const STORES_READ = [FOLDER]

export async function openStores(
  scope: Scope,
  settings: Settings,
  {
    trouble,
    log,
  }: Pick<World, 'trouble'> & { readonly log?: ((event: Event) => void) | undefined },
): Promise<Stores> {
  const { dataFolder: folder, hostname } = settings.of(FOLDER).now
  await scope.open('data folder', () => heldFolder(folder), { close: giveBack => giveBack() })
  const ledger = await scope.open('ledger', () => openLedgerFile(join(folder, 'ledger.db')), {
    close: opened => opened.close(),
  })
  const spool = await scope.open('spool', () => openSpool({ folder: join(folder, 'spool') }), {
    close: opened => opened.close(),
  })
  const counters = await scope.open(
    'counters',
    () => openCounters(join(folder, 'counters.db'), trouble),
    { close: opened => opened.close() },
  )
  const journal = await scope.open('journal', () => openJournal(join(folder, 'journal')), {
    close: opened => opened.close(),
  })
  const keys = await scope.open('keys', () => ownKeys(folder, hostname))
  const node = await scope.open('node name', () => nodeName(folder, ledger))
  const refused = refusals(join(folder, 'journal'), refusalIds(keys.secret))
  const events = createEventBus()
  events.listen(event => journal.write(event))
  if (log) events.listen(log)
  events.listen(event => refused.hear(event))
  const kept = { events, refusals: refused, keys, node }
  return areStoresSlow(process.env)
    ? {
        ...kept,
        ledger: slowLedger(ledger),
        spool: slowSpool(spool),
        counters: slowCounters(counters),
      }
    : { ...kept, ledger, spool, counters }
}

function heldFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return holdFolder(folder)
}
