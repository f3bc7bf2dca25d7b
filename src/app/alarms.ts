// How the operator is told: where alarms are kept, the ways to the operator, and what is looked at.

import { statfs } from 'node:fs/promises'
import { commandChannel, commandName } from '../drivers/alarms/command-channel.ts'
import { webhookChannel, webhookName } from '../drivers/alarms/webhook-channel.ts'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import type { StoreHealth } from '../drivers/metrics/store-health.ts'
import {
  type AlarmOutbox,
  alarmOutbox,
  type KeptAlarm,
} from '../engine/letters/alarms/alarm-outbox.ts'
import { CONDITIONS } from '../engine/letters/alarms/conditions.ts'
import type { ConditionSources, RaisedAlarm } from '../engine/letters/alarms/condition.ts'
import { mailChannel, mailName } from '../engine/letters/alarms/mail-channel.ts'
import {
  type AlarmTeller,
  alarmTeller,
  beginHere,
  type ChannelPlace,
} from '../engine/letters/alarms/teller.ts'
import { type DigestRecord, morningDigest } from '../engine/letters/alarms/morning-digest.ts'
import {
  conditionWatch,
  type StandingCondition,
  standingAlarms,
} from '../engine/letters/alarms/watch-conditions.ts'
import type { RunningEngine } from '../engine/engine.ts'
import type { SigningKeys } from '../mail/dkim-sign.ts'
import { HOUR } from '../model/duration.ts'
import type { AlarmChannel } from '../ports/alarm-channel.ts'
import type { RecordRows, Records } from '../ports/records.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Directory } from './directory.ts'
import type { Doors } from './doors.ts'
import { networkStatus } from './network-status.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { Sensors } from './sensors.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

const ALARMS = {
  alarms: 'restart',
  hostname: 'restart',
  dataFolder: 'restart',
} as const satisfies Keys
const CLOCK = { timeZone: 'live' } as const satisfies Keys
export const ALARMS_READ = [ALARMS, CLOCK]

export type Alarms = {
  readonly outbox: AlarmOutbox
  readonly places: Records<ChannelPlace>
  readonly standing: Records<StandingCondition>
  readonly digest: Records<DigestRecord>
}

/** Undefined where there is no way to the operator: nothing is kept then. */
export function openAlarms(
  scope: Scope,
  settings: Settings,
  records: RecordRows,
): Promise<Alarms | undefined> {
  const { mail, webhooks, commands } = settings.of(ALARMS).now.alarms
  return scope.open('alarms', async () => {
    if (mail.length + webhooks.length + commands.length === 0) return undefined
    const kept = await ledgerRecords<KeptAlarm>(records, 'alarm')
    const places = await ledgerRecords<ChannelPlace>(records, 'alarm-channel')
    const begun = Math.max(0, ...Array.from(places.all(), one => one.after))
    const standing = await ledgerRecords<StandingCondition>(records, 'alarm-condition')
    const digest = await ledgerRecords<DigestRecord>(records, 'alarm-digest')
    const outbox = alarmOutbox(kept, begun)
    const names = [
      ...mail.map(mailName),
      ...webhooks.map(webhookName),
      ...commands.map(commandName),
    ]
    await beginHere(places, names, outbox.last())
    return { outbox, places, standing, digest }
  })
}

export type AlarmNeeds = {
  readonly alarms: Alarms | undefined
  readonly engine: Pick<RunningEngine, 'open'>
  readonly stores: Pick<Stores, 'counters' | 'spool' | 'events' | 'ledger'>
  readonly directory: Pick<Directory, 'subscribers' | 'ourDomain'>
  readonly sensors: Pick<Sensors, 'network'>
  readonly network: readonly NetworkControl[]
  readonly doors: Pick<Doors, 'certificateDates'>
  readonly health: StoreHealth
  readonly dkim: SigningKeys
  readonly world: Pick<World, 'now' | 'trouble'>
}

export type AlarmWork = {
  /** Tells what is due. */
  tell(at: number): Promise<void>
  /** Looks at what is to be told of. */
  look(at: number): Promise<void>
}

export async function alarmWork(
  scope: Scope,
  settings: Settings,
  needs: AlarmNeeds,
): Promise<AlarmWork | undefined> {
  const { alarms, stores, world } = needs
  if (!alarms) return undefined
  const { outbox, places, standing, digest: records } = alarms
  const { trouble } = world
  const telling = new Set<Promise<void>>()
  const stop = async (stopped: AbortController) => {
    stopped.abort()
    await Promise.all(telling)
  }
  const { signal: stopping } = await scope.open('telling', () => new AbortController(), {
    close: stop,
  })
  const tellers = channelsOf(settings, needs).map(channel =>
    alarmTeller(channel, { outbox, places, trouble, stopping }),
  )
  const sources = sourcesOf(settings, needs)
  const watch = conditionWatch({ conditions: CONDITIONS, sources, outbox, standing, trouble })
  const clock = settings.of(CLOCK)
  const { digest } = settings.of(ALARMS).now.alarms
  const timeZone = () => clock.now.timeZone
  const { cases } = stores.ledger
  const morning = morningDigest({ records, outbox, standing, cases, digest, timeZone })
  stores.events.listen(event => morning.hear(event))
  return {
    tell: async at => {
      // Nothing is waited for: one that hangs delays no other.
      for (const teller of tellers) {
        const told: Promise<void> = teller.tell(at).finally(() => telling.delete(told))
        telling.add(told)
      }
    },
    look: async at => {
      await watch(at)
      await outbox.writeAgain()
      await outbox.forget(toldToAll(tellers), at, standingAlarms(standing))
      await morning.look(at)
    },
  }
}

const toldToAll = (tellers: readonly AlarmTeller[]) =>
  Math.min(...tellers.map(teller => teller.after()))

function channelsOf(
  settings: Settings,
  { engine, directory, dkim, world: { now } }: AlarmNeeds,
): readonly AlarmChannel[] {
  const { alarms, hostname } = settings.of(ALARMS).now
  const clock = settings.of(CLOCK)
  const mail = {
    engine,
    ourName: hostname,
    mailDomain: directory.ourDomain,
    timeZone: () => clock.now.timeZone,
    dkim,
  }
  return [
    ...alarms.mail.map(to => mailChannel(to, mail)),
    ...alarms.webhooks.map(one => webhookChannel(one, now)),
    ...alarms.commands.map(commandChannel),
  ]
}

function sourcesOf(
  settings: Settings,
  { stores, directory, sensors, network, doors, health, world }: AlarmNeeds,
): ConditionSources {
  const { alarms, dataFolder } = settings.of(ALARMS).now
  const { counters, spool, events } = stores
  return {
    customers: () => directory.subscribers.count(),
    counters,
    problems: async () => (await health()).map(one => one.words),
    room: async () => {
      const { bsize, bavail, blocks } = await statfs(dataFolder)
      return { free: bsize * bavail, all: bsize * blocks }
    },
    worries: () => networkStatus({ sensors, network }).worries,
    tellers: () => sensors.network().tellers,
    certificates: doors.certificateDates,
    clientsNow: Date.now,
    queue: () => spool.totals(),
    queueLimit: () => alarms.queue,
    raised: raisedLately(events, world.now),
  }
}

/** An alarm that is an event counts as standing for so long after it was heard. */
const HEARD_FOR = HOUR
/** So many of them are remembered. */
const MOST_HEARD = 1000

function raisedLately(events: Stores['events'], now: () => number): () => readonly RaisedAlarm[] {
  const heard = new Map<string, RaisedAlarm>()
  events.listenTo('alarm-raised', ({ alarm, about, words, at }) => {
    const key = `${alarm} ${about}`
    if (heard.size < MOST_HEARD || heard.has(key)) heard.set(key, { alarm, about, words, at })
  })
  return () => {
    // Also what was heard while the clock was ahead.
    for (const [key, { at }] of heard) if (Math.abs(now() - at) > HEARD_FOR) heard.delete(key)
    return [...heard.values()]
  }
}
