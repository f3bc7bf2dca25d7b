// The stores: what must not be lost (ledger, spool, keys), what may lose a second (counters), and what is written down of every event
// (journal). All of them are in the data folder, which one Cordon holds at a time.

import { join } from 'node:path'
import { type KeptCounters, openCounters } from '../drivers/counters/kept-counters.ts'
import { type OwnKeys, ownKeys } from '../drivers/identity/own-keys.ts'
import { nodeName } from '../drivers/identity/node-name.ts'
import { openEventIndex } from '../drivers/journal/event-index.ts'
import { createEventBus, type EventBus } from '../drivers/journal/event-bus.ts'
import { openJournal } from '../drivers/journal/journal-file.ts'
import { refusals } from '../drivers/journal/refusals.ts'
import { openLedgerFile } from '../drivers/ledger/ledger-file.ts'
import { openSpool, type SpoolFile } from '../drivers/spool/spool-sqlite.ts'
import { SPOOL_MARK } from '../drivers/spool/spool-mark.ts'
import { areStoresSlow, slowCounters, slowLedger, slowSpool } from '../drivers/slow/slow-stores.ts'
import { addressHider } from '../mail/correspondent-key.ts'
import { refusalIds } from '../mail/refusal-id.ts'
import type { Event, NewEvent } from '../model/event.ts'
import type { EventIndex } from '../ports/event-index.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Refusals } from '../ports/refusals.ts'
import { heldFolder } from './data-folder.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { Overrides, World } from './world.ts'

export type Stores = {
  readonly ledger: Ledger
  readonly spool: SpoolFile
  readonly counters: KeptCounters
  readonly events: EventBus
  readonly refusals: Refusals
  readonly eventIndex: EventIndex
  readonly keys: OwnKeys
  /** The beginning of ids of events: this node and this start. */
  readonly node: string
  /** What was not as it had been left, and Cordon starts nevertheless. */
  readonly alarms: readonly StoreAlarm[]
}

type StoreNeeds = {
  readonly world: Pick<World, 'trouble' | 'broken'>
  /** Told of every event. */
  readonly log: ((event: Event) => void) | undefined
  readonly ledgerBehind: Overrides['ledgerBehind']
}

type StoreAlarm = Omit<Extract<NewEvent, { kind: 'alarm-raised' }>, 'at'>

const FOLDER = { dataFolder: 'restart', hostname: 'restart' } as const satisfies Keys
export const STORES_READ = [FOLDER]

export async function openStores(
  scope: Scope,
  settings: Settings,
  { world, log, ledgerBehind = same => same }: StoreNeeds,
): Promise<Stores> {
  const { trouble, broken } = world
  const { dataFolder: folder, hostname } = settings.of(FOLDER).now
  const hearers = { trouble, broken }
  const { had } = await scope.open('data folder', () => heldFolder(folder), {
    close: opened => opened.giveBack(),
  })
  const keys = await scope.open('keys', () =>
    ownKeys(folder, hostname, { inUse: had.ledger || had.spool || had.journal }),
  )
  if (keys.said !== undefined) trouble(keys.said, 'keys')
  const ledger = await scope.open(
    'ledger',
    () =>
      openLedgerFile(join(folder, 'ledger.db'), { ...hearers, inUse: had.spool || had.journal }),
    { close: opened => opened.close() },
  )
  const mark = { file: join(folder, SPOOL_MARK), inUse: had.journal }
  const spool = await scope.open(
    'spool',
    () => openSpool({ ...hearers, folder: join(folder, 'spool'), mark }),
    { close: opened => opened.close() },
  )
  const counters = await scope.open(
    'counters',
    () => openCounters(join(folder, 'counters.db'), { ...hearers, inUse: had.ledger && had.spool }),
    { close: opened => opened.close() },
  )
  const journalFolder = join(folder, 'journal')
  const index = await scope.open(
    'event index',
    () => openEventIndex(join(folder, 'event-index.db'), journalFolder, { trouble }),
    { close: opened => opened.close() },
  )
  const journal = await scope.open(
    'journal',
    () => openJournal(journalFolder, { trouble, index }),
    { close: opened => opened.close() },
  )
  const node = await scope.open('node name', () =>
    nodeName(folder, ledger.records, words => trouble(words, 'node name')),
  )
  const refused = refusals(index, refusalIds(keys.secret), addressHider(keys.secret))
  const events = createEventBus()
  events.listen(event => journal.write(event))
  if (log) events.listen(log)
  events.listenTo('step-judged', event => refused.hear(event))
  const alarms = alarmsOf(spool, counters)
  for (const { alarm, words } of alarms) trouble(words, alarm)
  const kept = { events, refusals: refused, eventIndex: index, keys, node, alarms }
  return areStoresSlow(process.env)
    ? {
        ...kept,
        ledger: ledgerBehind(slowLedger(ledger)),
        spool: slowSpool(spool),
        counters: slowCounters(counters, counters.states),
      }
    : { ...kept, ledger: ledgerBehind(ledger), spool, counters }
}

function alarmsOf({ swept }: SpoolFile, { begunAnew }: KeptCounters): readonly StoreAlarm[] {
  const { folder, files, bytes } = swept
  const kind = 'alarm-raised'
  const alarms: StoreAlarm[] = []
  if (begunAnew !== undefined)
    alarms.push({ kind, alarm: 'counters-lost', about: 'counters', words: begunAnew })
  if (files > 0) {
    const words = `${files} bodies (${bytes} bytes) had no message in the queue; they are kept in ${folder}`
    alarms.push({ kind, alarm: 'mail-found', about: 'spool', words })
  }
  return alarms
}
