// What a running Cordon is to the program around it: `cordon serve`, the neighbourhood, tests.

import type { EventBus } from '../drivers/journal/event-bus.ts'
import type { StoreHealth } from '../drivers/metrics/store-health.ts'
import type { RunningEngine } from '../engine/engine.ts'
import type { Reload } from '../ports/reload.ts'
import type { OpenPlace } from './place.ts'
import type { Settings } from './settings.ts'

export type Cordon = {
  readonly engine: RunningEngine
  readonly events: EventBus
  /** Where it listens and what it follows: doors first, SMTP listeners in the order of the configuration. */
  readonly places: readonly OpenPlace[]
  readonly controlSocket: string
  readonly health: StoreHealth
  /** Which keys of the configuration a reload puts in force, and which wait for a restart. */
  readonly liveness: ReturnType<Settings['liveness']>
  /** Reads the configuration again and takes over what can change while running. */
  readonly reload: Reload
  /** What its configuration lacks of what was in force before this start: an operator said why (`despite`). */
  readonly lost: readonly string[]
  /** How long `close` may take (ms) when parts of it hang. */
  stopsWithin(): number
  /** Ends everything in order. Resolves with the parts that did not end well, of which there should be none. */
  close(): Promise<readonly string[]>
}
