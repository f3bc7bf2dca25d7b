// The whole machine on one page: what is opened, in which order, and what knows whom. Each part is wired on a page of its own in app/ and
// is closed in the opposite order; if one cannot be opened, everything before it is closed again. Nothing here decides anything: rules
// are in core/policy, what things mean in core/detection, what follows in core/isolation; the engine conducts; doors ask it, sensors
// tell it, drivers do the rest.

import { openAccessNetwork } from './app/access-network.ts'
import { startChores } from './app/chores.ts'
import { openEngine } from './app/conducting.ts'
import { openCustomersOwn } from './app/customers-own.ts'
import { openDelivery } from './app/delivery.ts'
import { openDirectory } from './app/directory.ts'
import { openDoors } from './app/doors.ts'
import { liveSessions } from './app/live-sessions.ts'
import { openPages } from './app/pages.ts'
import type { Place } from './app/place.ts'
import { openPolicy } from './app/policy.ts'
import { inScope } from './app/scope.ts'
import { openSensors, type Sensors } from './app/sensors.ts'
import { checkAgainstLast, openReload, remember } from './app/reload.ts'
import { createSettings, type Settings } from './app/settings.ts'
import { STOPPING } from './app/liveness.ts'
import { openStores } from './app/stores.ts'
import { type Overrides, worldOf } from './app/world.ts'
import type { Config } from './config/schema.ts'
import type { EventBus } from './drivers/journal/event-bus.ts'
import { type StoreHealth, storeHealth } from './drivers/metrics/store-health.ts'
import type { RunningEngine } from './engine/engine.ts'
import type { Reload } from './ports/reload.ts'

export type Cordon = {
  readonly engine: RunningEngine
  readonly events: EventBus
  /** Where it listens, SMTP listeners first, in the order of the configuration. */
  readonly places: readonly Place[]
  readonly controlSocket: string
  readonly health: StoreHealth
  /** Which keys of the configuration a reload puts in force, and which wait for a restart. */
  readonly keys: ReturnType<Settings['liveness']>
  /** Reads the configuration again and takes over what can change while running. */
  readonly reload: Reload
  /** Ends everything in order. Resolves with the parts that did not end well, of which there should be none. */
  close(): Promise<readonly string[]>
}

/** Throws StartError or ConfigError when a part cannot be opened; then nothing is left open. */
export function startCordon(config: Config, overrides: Overrides = {}): Promise<Cordon> {
  const world = worldOf(overrides)
  const { opening, ending, wait, log, sockets, scanner, despite, reread } = overrides
  const options = { trouble: world.trouble, opening, ending, wait }
  return inScope(options, async scope => {
    const settings = createSettings(config)

    // What must not be lost, who is who, and what is asked of mail.
    const stores = await openStores(scope, settings, { ...world, log })
    const { keys, ledger } = stores
    const { records, audit } = ledger
    const health = storeHealth({ spool: stores.spool, records, audit })
    await checkAgainstLast({ records, audit }, config, { despite, at: world.now() })
    const directory = await openDirectory(scope, settings, { stores, world })
    const policy = await openPolicy(scope, settings, { directory, world })

    // The access network, the engine in the middle, and mail on its way out.
    const ourKey = { domain: directory.ourDomain, selector: 'cordon', privateKey: keys.dkimKey }
    const sessions = liveSessions()
    const network = await openAccessNetwork(scope, settings, world)
    const customers = await openCustomersOwn(scope, settings, {
      records,
      resolver: policy.resolver,
      ourDomain: directory.ourDomain,
      watching: () => isWatching(),
      world,
    })
    const engine = await openEngine(scope, settings, {
      world,
      stores,
      directory,
      policy,
      customers,
      network,
      sessions,
      ourKey,
      scanner,
    })
    await openDelivery(scope, settings, {
      world,
      stores,
      directory,
      engine,
      ourKey,
      resolver: policy.resolver,
    })

    // Sensors tell, doors ask, people look.
    const sensors: Sensors = await openSensors(scope, settings, { engine, directory, world })
    const isWatching = () => sensors.isWatching()
    const doors = await openDoors(scope, settings, {
      engine,
      directory,
      sessions,
      world,
      sockets,
      ownCertificate: keys.certificate,
      scaled: overrides.clock !== undefined,
    })
    const reload = await openReload(scope, settings, {
      config,
      reread,
      records,
      audit,
      engine,
      world,
    })
    const pages = await openPages(scope, settings, {
      engine,
      stores,
      directory,
      customers,
      network,
      sensors,
      doors,
      health,
      reload,
      world,
    })
    await startChores(scope, settings, { engine, stores, world })
    await remember(records, config)

    const stopping = settings.of(STOPPING)
    return {
      engine,
      events: stores.events,
      places: [...doors.places, ...sensors.places, ...pages.places],
      controlSocket: pages.controlSocket,
      health,
      keys: settings.liveness(),
      reload,
      close: () => scope.stop(stopping.now.drainFor),
    }
  })
}
