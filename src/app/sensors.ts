// Sensors tell: each of the list, where the configuration names it.

import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import type { RunningEngine } from '../engine/engine.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import type { RecordRows, Records } from '../ports/records.ts'
import type { Counted, OpenSensor } from '../wire/sensor.ts'
import { tellerClocks } from '../wire/teller-clocks.ts'
import type { Directory } from './directory.ts'
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
  readonly engine: Pick<RunningEngine, 'report' | 'moveLeases'>
  readonly directory: Pick<Directory, 'leases' | 'subscribers'>
  readonly records: RecordRows
  readonly world: Pick<World, 'now' | 'trouble'>
}

/** When a teller was heard last. */
type HeardTeller = { readonly id: string; readonly at: number }

export const SENSORS_READ: readonly Keys[] = SENSORS.map(({ reads }) => reads)

export async function openSensors(
  scope: Scope,
  settings: Settings,
  { engine, directory, records, world }: SensorNeeds,
): Promise<Sensors> {
  const { report, moveLeases } = engine
  const { leases, subscribers } = directory
  const { now, trouble } = world
  const clocks = tellerClocks(report, now)
  const heard = heardTellers(await ledgerRecords<HeardTeller>(records, 'teller'), trouble)
  const parts = { report, moveLeases, leases, subscribers, clocks, heard, now, trouble }
  const places: OpenPlace[] = []
  const opened: OpenSensor[] = []
  for (const sensor of SENSORS) {
    const given = sensor.settings(settings.of(sensor.reads).now)
    if (!given) continue
    const one = await scope.open<OpenSensor>(sensor.part, async () => sensor.open(given, parts), {
      close: async sensor => sensor.close(),
    })
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

/** A time that is not written makes a teller count as silent a little too early or too late, and nothing else. */
function heardTellers(records: Records<HeardTeller>, trouble: World['trouble']) {
  const idOf = (kind: string, name: string) => `${kind} ${name}`
  return {
    last: (kind: string, name: string) => records.get(idOf(kind, name))?.at,
    note: (kind: string, name: string, at: number) => {
      const id = idOf(kind, name)
      if (records.get(id)?.at === at) return
      records
        .change(id, () => ({ id, at }))
        .catch(error => trouble(error, 'when access servers were heard of'))
    },
  }
}
