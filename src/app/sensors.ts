// Sensors tell: each of the list, where the configuration names it.

import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import type { RunningEngine } from '../engine/engine.ts'
import { MINUTE } from '../model/duration.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import type { RecordRows, Records } from '../ports/records.ts'
import type { Counted, OpenSensor, SensorParts } from '../wire/sensor.ts'
import { KNOWN_FOR, type KnownClock, type TellerKind, tellerClocks } from '../wire/teller-clocks.ts'
import type { Directory } from './directory.ts'
import { ownPasswords } from './own-passwords.ts'
import type { OpenPlace } from './place.ts'
import type { Scope } from './scope.ts'
import { SENSORS } from './sensor-list.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

export type Sensors = {
  readonly places: readonly OpenPlace[]
  /** Counters of what the sensors have heard so far. */
  readonly counted: readonly Counted[]
  /** At least one sensor sees what goes out of lines. */
  isWatching(): boolean
  /** The tellers, how their clocks are, and what an operator has to look at. */
  network(): NetworkStatus
}

export type SensorNeeds = {
  readonly engine: Pick<RunningEngine, 'report' | 'moveLeases' | 'heard'>
  readonly directory: Pick<Directory, 'leases' | 'subscribers' | 'credentials'>
  readonly records: RecordRows
  readonly world: Pick<World, 'now' | 'trouble'>
}

/** When a teller was heard last, and how its clock was. */
type HeardTeller = KnownClock & {
  readonly id: string
  /** When it began anew last (ms). */
  readonly anew?: number
  /** Which of several that tell of it did so first. */
  readonly first?: string
}

export const SENSORS_READ: readonly Keys[] = SENSORS.map(({ reads }) => reads)

export async function openSensors(
  scope: Scope,
  settings: Settings,
  { engine, directory, records, world }: SensorNeeds,
): Promise<Sensors> {
  const { report, moveLeases } = engine
  const { leases, subscribers, credentials } = directory
  const { now, trouble } = world
  const kept = await ledgerRecords<HeardTeller>(records, 'teller')
  const { clocks, heard, recall } = knownTellers(kept, { report, now, trouble })
  const isOwnPassword = ownPasswords({ credentials, subscribers, now })
  const recordsOf: SensorParts['recordsOf'] = kind => ledgerRecords(records, kind)
  const mailHeard = engine.heard
  const asked = { moveLeases, leases, subscribers, isOwnPassword }
  const parts = { report, ...asked, clocks, heard, mailHeard, recordsOf, now, trouble }
  await scope.open(
    'when sources were heard',
    () => setInterval(() => clocks.noteHeard(), MINUTE).unref(),
    {
      close: async timer => {
        clearInterval(timer)
        clocks.noteHeard()
      },
    },
  )
  const places: OpenPlace[] = []
  const opened: OpenSensor[] = []
  for (const sensor of SENSORS) {
    const given = sensor.settings(settings.of(sensor.reads).now)
    if (!given) continue
    const one = await scope.open<OpenSensor>(sensor.part, async () => sensor.open(given, parts), {
      close: async sensor => sensor.close(),
    })
    recall(sensor.name)
    opened.push(one)
    places.push(...one.places.map(place => ({ kind: sensor.name, ...place })))
  }
  return {
    places,
    counted: opened.flatMap(({ counted }) => counted ?? []),
    // All are asked: one remembers what it had heard when it was asked last.
    network: () => ({
      tellers: clocks.list(),
      exporters: opened.flatMap(one => one.exporters?.() ?? []),
      worries: opened.flatMap(one => one.worries?.() ?? []),
    }),
    isWatching: () => opened.map(one => one.isWatching?.() ?? false).includes(true),
  }
}

const idOf = (kind: string, name: string) => `${kind} ${name}`

/**
 * The clocks of tellers, and when each was heard. A time that is not written makes a teller count as silent a little too early or too late, and
 * an offset that is not written is learned anew.
 */
function knownTellers(
  records: Records<HeardTeller>,
  { report, now, trouble }: Pick<World, 'now' | 'trouble'> & Pick<RunningEngine, 'report'>,
) {
  const put = (id: string, told: KnownClock & Pick<HeardTeller, 'anew' | 'first'>) => {
    const made = (was: HeardTeller | undefined) => {
      const { anew, first } = was ?? {}
      const kept = { ...(anew === undefined ? {} : { anew }), ...(first ? { first } : {}) }
      return { id, ...kept, ...told }
    }
    records.change(id, made).catch(error => trouble(error, 'when access servers were heard of'))
  }
  const add = (id: string, more: Pick<HeardTeller, 'anew' | 'first'>) => {
    const { at, offset } = records.get(id) ?? { at: now() }
    put(id, { at, ...(offset === undefined ? {} : { offset }), ...more })
  }
  const keep = (kind: string, name: string, { at, offset }: KnownClock) => {
    const id = idOf(kind, name)
    if (records.get(id)?.at === at && records.get(id)?.offset === offset) return
    put(id, { at, ...(offset === undefined ? {} : { offset }) })
  }
  const clocks = tellerClocks(report, now, {
    of: (kind, name) => records.get(idOf(kind, name)),
    note: keep,
  })
  const heard = {
    last: (kind: TellerKind, name: string) => records.get(idOf(kind, name))?.at,
    note: (kind: TellerKind, name: string, at: number) => {
      const { settled, offset } = clocks.of(kind, name)
      keep(kind, name, { at, offset: settled ? offset : undefined })
    },
    anew: (kind: TellerKind, name: string) => records.get(idOf(kind, name))?.anew,
    noteAnew: (kind: TellerKind, name: string, anew: number) => add(idOf(kind, name), { anew }),
    first: (kind: TellerKind, name: string) => records.get(idOf(kind, name))?.first,
    noteFirst: (kind: TellerKind, name: string, first: string) => add(idOf(kind, name), { first }),
  }
  /** Those that have said nothing since a restart are listed, too. */
  const recall = (sensor: string) => {
    for (const { id, at } of records.all()) {
      const [kind = '', ...name] = id.split(' ')
      if (kind === sensor && now() - at < KNOWN_FOR) clocks.of(kind as TellerKind, name.join(' '))
    }
  }
  return { clocks, heard, recall }
}
