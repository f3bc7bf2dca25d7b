// The timetable: what is done every so often in the time Cordon lives in. Chores of the engine are in src/engine/chores/chores.ts; those of
// files, stores and doors are entries here.

import { wordsOf } from '../model/errors.ts'
import { readFeed } from '../drivers/directory/subscriber-feed.ts'
import type { WiredChore } from '../engine/chores/chores.ts'
import { zoneNamesOf } from '../doors/dns/door.ts'
import { listFiles } from '../drivers/list-files/list-files.ts'
import { toldFiles } from '../drivers/list-files/told-files.ts'
import type { RunningEngine } from '../engine/engine.ts'
import { DAY, MINUTE, SECOND } from '../model/duration.ts'
import type { InTurn } from '../model/in-turn.ts'
import type { OrderOf } from '../orders/contract/orders.ts'
import type { AlarmWork } from './alarms.ts'
import type { Delivery } from './delivery.ts'
import type { Doors } from './doors.ts'
import type { Scope } from './scope.ts'
import { sentenceOf } from './sentence-of.ts'
import type { Keys, Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

export type ChoreNeeds = {
  readonly engine: RunningEngine
  readonly stores: Stores
  readonly doors: Pick<Doors, 'lookAtCertificates'>
  readonly delivery: Pick<Delivery, 'timetable'>
  /** Where there is a way to the operator. */
  readonly telling: AlarmWork | undefined
  readonly world: World
  /** Of the directory: a reload changes customers. */
  readonly inTurn: InTurn
}

/** Shared addresses that are counted. */
const SHARED_TOLD = 100

/** Twice as often in a fast town would be all the time. */
const AT_MOST_EVERY = 50

const HISTORY = { leaseHistory: 'live' } as const satisfies Keys
const CUSTOMERS = { subscribers: 'live' } as const satisfies Keys
const RELEASER = { releaser: 'restart' } as const satisfies Keys
const FEED = { subscriberFeed: 'restart' } as const satisfies Keys
const LIST = {
  list: 'restart',
  domains: 'restart',
  hostname: 'restart',
  provider: 'restart',
  http: 'restart',
} as const satisfies Keys
export const CHORES_READ = [HISTORY, CUSTOMERS, RELEASER, FEED, LIST]

export async function startChores(
  scope: Scope,
  settings: Settings,
  needs: ChoreNeeds,
): Promise<void> {
  const { clock, now, trouble } = needs.world
  const { engine, stores } = needs
  // Now that the log, the live view and the metrics listen.
  for (const alarm of stores.alarms) engine.report({ ...alarm, at: now() })
  stores.spool.onDamaged(words =>
    engine.report({
      kind: 'alarm-raised',
      alarm: 'mail-damaged',
      about: 'spool',
      words,
      at: now(),
    }),
  )
  const running = new Set<string>()
  const stopping = new AbortController()
  const runOnce = async ({ name, run, alone }: WiredChore) => {
    if (alone && running.has(name)) return
    running.add(name)
    await run(now(), stopping.signal)
      .catch(error => trouble(error, name))
      .finally(() => running.delete(name))
  }
  const timetable = choresOf(settings, needs)
  for (const chore of timetable) {
    if (!chore.first) continue
    const done = runOnce(chore)
    if (chore.first !== 'begun') await done
  }
  await scope.open(
    'chores',
    () =>
      timetable.map(chore =>
        setInterval(() => void runOnce(chore), Math.max(AT_MOST_EVERY, clock.real(chore.every))),
      ),
    {
      close: timers => {
        stopping.abort()
        for (const timer of timers) clearInterval(timer)
      },
    },
  )
}

function choresOf(settings: Settings, needs: ChoreNeeds): readonly WiredChore[] {
  const { counters, ledger } = needs.stores
  const config = settings.of(HISTORY)
  return [
    ...feedChore(settings, needs),
    ...releaserChore(settings, needs),
    ...needs.engine.timetable,
    ...needs.delivery.timetable,
    ...listChores(settings, needs),
    ...alarmChores(needs),
    {
      name: 'forgetting old counters',
      every: 10 * MINUTE,
      where: 'everywhere',
      run: async at => counters.sweep(at),
    },
    {
      name: 'forgetting past leases',
      every: 10 * MINUTE,
      where: 'once',
      run: at => ledger.leaseRows.forgetLeases(at - config.now.leaseHistory),
    },
    {
      name: 'looking at the certificates',
      every: DAY,
      where: 'everywhere',
      run: async () => needs.doors.lookAtCertificates(),
    },
    sharedAddressChore(needs),
    unwrittenChore(settings, needs),
    {
      name: 'forgetting changes',
      every: MINUTE,
      where: 'once',
      run: at => ledger.changes.forget(at),
    },
  ]
}

/** What is to be told of is looked at before Cordon is ready, and told at once: a condition may be why it was started. */
function alarmChores({ telling }: ChoreNeeds): readonly WiredChore[] {
  if (!telling) return []
  return [
    {
      name: 'what the operator is told of',
      every: 15 * SECOND,
      where: 'everywhere',
      run: at => telling.look(at),
      first: 'begun',
      alone: true,
    },
    {
      name: 'telling the operator',
      every: SECOND,
      where: 'everywhere',
      run: at => telling.tell(at),
    },
  ]
}

/** A list of an earlier Cordon may have given one to two; nothing is changed by itself, for nothing says whose it is. */
function sharedAddressChore({ engine, stores: { ledger } }: ChoreNeeds): WiredChore {
  const run = async (at: number) => {
    const found = await ledger.customers.addressesOfMany({ limit: SHARED_TOLD + 1 })
    const [first, ...more] = found
    if (!first) return
    const others = more.length === 0 ? '' : `, and ${more.length} more`
    const words = `${first.address} is an address of customers ${first.customers.join(' and ')}${found.length > SHARED_TOLD ? `, and more than ${SHARED_TOLD - 1} others` : others}; "cordon subscriber list" marks them. Give every address to one customer.`
    engine.report({
      kind: 'alarm-raised',
      alarm: 'address-shared',
      about: first.address,
      words,
      at,
    })
  }
  return { name: 'addresses of two customers', every: DAY, where: 'once', run, first: true }
}

/** A reload on a full disk is in force and not written: once there is room it is, without a person. */
function unwrittenChore(
  settings: Settings,
  { inTurn, world: { trouble } }: ChoreNeeds,
): WiredChore {
  const name = 'writing what a reload could not'
  let told = ''
  const run = async () => {
    const unwritten = await inTurn(() => settings.writeAgain())
    const words = unwritten.map(sentenceOf).join(' ')
    // Tried again and again it says the same again and again.
    if (words !== told) for (const error of unwritten) trouble(error, name)
    told = words
  }
  return { name, every: MINUTE, where: 'everywhere', run }
}

/** What the server beside us holds, and whether it can be released there. */
function releaserChore(settings: Settings, { engine }: ChoreNeeds): readonly WiredChore[] {
  const { releaser } = settings.of(RELEASER).now
  if (!releaser) return []
  let isAway = false
  const run = async (at: number) => {
    try {
      await engine.chores.heldElsewhere(at)
      isAway = false
    } catch (error) {
      if (isAway) return
      isAway = true
      const words = `${wordsOf(error)}; see cordon doctor postfix`
      const [kind, alarm] = ['alarm-raised', 'releaser-away'] as const
      engine.report({ kind, alarm, about: releaser.socket, words, at })
    }
  }
  return [
    { name: 'mail held elsewhere', every: MINUTE, where: 'once', run, first: 'begun', alone: true },
  ]
}

/** What others may ask of infected addresses, and the same as files. */
function listChores(
  settings: Settings,
  { engine: { list, report } }: ChoreNeeds,
): readonly WiredChore[] {
  const given = settings.of(LIST).now
  const config = given.list
  if (!list || !config) return []
  const { exports } = config
  const chores: WiredChore[] = [
    { name: 'the list', every: SECOND, where: 'everywhere', run: () => list.look() },
    {
      name: 'the whole list',
      every: MINUTE,
      where: 'everywhere',
      run: () => list.refreshAll(),
      first: true,
      alone: true,
    },
  ]
  if (exports === undefined) return chores
  const names = zoneNamesOf(given, config)
  const files = toldFiles(listFiles({ ...names, folder: exports }, list), exports, report)
  const run = async (at: number) => files.write(at)
  return [
    ...chores,
    {
      name: 'files of the list',
      every: 10 * SECOND,
      where: 'everywhere',
      run,
      first: true,
      alone: true,
    },
  ]
}

/** Takes the provider's own list of customers over; those of the configuration stay whatever it says. */
function feedChore(
  settings: Settings,
  { engine: { command, report }, world: { trouble } }: ChoreNeeds,
): readonly WiredChore[] {
  const customers = settings.of(CUSTOMERS)
  const { subscriberFeed } = settings.of(FEED).now
  if (!subscriberFeed) return []
  const name = 'the subscriber feed'
  const actor = { kind: 'chore', name: 'subscriber feed' } as const
  let refused: string | undefined
  /** Why nothing of it was taken; undefined when it was. */
  const take = async (at: number): Promise<string | undefined> => {
    const subscribers = await readFeed(subscriberFeed)
    const keep = customers.now.subscribers.map(one => one.id)
    const order: OrderOf<'take-feed'> = { kind: 'take-feed', subscribers, keep }
    const outcome = await command({ order, actor, at })
    return outcome.done ? undefined : outcome.text
  }
  const run = async (at: number) => {
    const words = await take(at).catch((error: unknown) => sentenceOf(error))
    // Read again and again it says the same again and again.
    if (words !== undefined && words !== refused) {
      trouble(new Error(words), name)
      report({ kind: 'alarm-raised', alarm: 'feed-refused', about: 'subscriberFeed', words, at })
    }
    refused = words
  }
  return [{ name, every: subscriberFeed.every, where: 'once', run, first: true }]
}
