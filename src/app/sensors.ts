// Sensors tell: each of the list, where the configuration names it.

import type { RunningEngine } from '../engine/engine.ts'
import type { Counted, OpenSensor } from '../wire/sensor.ts'
import type { Directory } from './directory.ts'
import type { OpenPlace } from './place.ts'
import type { Scope } from './scope.ts'
import { SENSORS } from './sensor-list.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

export type Sensors = {
  readonly places: readonly OpenPlace[]
  /** What they have heard so far. */
  readonly counted: readonly Counted[]
  /** What goes out of lines is seen by one of them at least. */
  isWatching(): boolean
}

export type SensorNeeds = {
  readonly engine: Pick<RunningEngine, 'report' | 'moveLeases'>
  readonly directory: Pick<Directory, 'leases' | 'subscribers'>
  readonly world: Pick<World, 'now' | 'trouble'>
}

export const SENSORS_READ: readonly Keys[] = SENSORS.map(({ reads }) => reads)

export async function openSensors(
  scope: Scope,
  settings: Settings,
  { engine, directory, world }: SensorNeeds,
): Promise<Sensors> {
  const { report, moveLeases } = engine
  const { leases, subscribers } = directory
  const { now, trouble } = world
  const parts = { report, moveLeases, leases, subscribers, now, trouble }
  const places: OpenPlace[] = []
  const opened: OpenSensor[] = []
  for (const sensor of SENSORS) {
    const given = sensor.settings(settings.of(sensor.reads).now)
    if (!given) continue
    const one = await scope.open<OpenSensor>(sensor.part, () => sensor.open(given, parts), {
      close: sensor => sensor.close(),
    })
    opened.push(one)
    places.push(...one.places.map(place => ({ kind: sensor.name, ...place })))
  }
  return {
    places,
    counted: opened.flatMap(({ counted }) => counted ?? []),
    // All are asked: one remembers what it had heard when it was asked last.
    isWatching: () => opened.map(one => one.isWatching?.() ?? false).includes(true),
  }
}
