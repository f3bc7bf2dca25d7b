// The whole machine on one page: what is opened, in which order, and what knows whom. Each part is wired on a page of its own in app/ and
// is closed in the opposite order; if one cannot be opened, everything before it is closed again. Nothing here decides anything: rules
// are in core/policy, what things mean in core/detection, what follows in core/isolation; the engine conducts; doors ask it, sensors
// tell it, drivers do the rest. src/cli/serve.ts runs this: signals, reload (SIGHUP), exit codes. docs/hacking.md says where what is.

import { openAccessNetwork } from './app/access-network.ts'
import { alarmWork, openAlarms } from './app/alarms.ts'
import { startChores } from './app/chores.ts'
import { openEngine } from './app/engine.ts'
import type { Cordon } from './app/cordon.ts'
import { openCustomersOwn } from './app/customers-own.ts'
import { openDelivery } from './app/delivery.ts'
import { openDirectory } from './app/directory.ts'
import { openDns } from './app/dns.ts'
import { openDoors } from './app/doors.ts'
import { liveSessions } from './app/live-sessions.ts'
import { askReleaser, openHeldElsewhere } from './app/held-elsewhere.ts'
import { openPages } from './app/pages.ts'
import { openPolicy } from './app/policy.ts'
import { inScope, stopsWithin } from './app/scope.ts'
import { openSensors, type Sensors } from './app/sensors.ts'
import { checkAgainstLast, openReload, remember } from './app/reload.ts'
import { createSettings } from './app/settings.ts'
import { STOPPING } from './app/liveness.ts'
import { openStores } from './app/stores.ts'
import { type Overrides, worldOf } from './app/world.ts'
import type { Config } from './config/schema.ts'
import { storeHealth } from './drivers/metrics/store-health.ts'

/** Throws StartError or ConfigError when a part cannot be opened; then nothing is left open. */
export function startCordon(config: Config, overrides: Overrides = {}): Promise<Cordon> {
  const world = worldOf(overrides)
  const { opening, ending, wait, log, sockets, scanner, despite, reread, ledgerBehind } = overrides
  return inScope({ trouble: world.trouble, opening, ending, wait }, async scope => {
    const settings = createSettings(config)

    // What must not be lost, who is who, and what is asked of mail.
    const stores = await openStores(scope, settings, { world, log, ledgerBehind })
    const { records, audit } = stores.ledger
    const lost = await checkAgainstLast({ records, audit }, config, { despite, at: world.now() })
    const directory = await openDirectory(scope, settings, { stores, world })
    const { ourDomain, inTurn, subscribers } = directory
    const dns = await openDns(scope, settings, world)
    const policy = await openPolicy(scope, settings, { directory, records, dns, world })
    const { resolver, dmarc } = policy

    // The access network, the engine in the middle, and mail on its way out.
    const dkim = () => stores.keys.dkim.signing(ourDomain)
    const sessions = liveSessions()
    const network = await openAccessNetwork(scope, settings, world)
    // Asked by a chore, which begins when the sensors below are open.
    const watching = () => sensors.isWatching()
    const ownNeeds = { records, resolver, subscribers, ourDomain, watching, world }
    const customers = await openCustomersOwn(scope, settings, ownNeeds)
    const elsewhere = await openHeldElsewhere(scope, settings, { records, clock: world.clock })
    const alarms = await openAlarms(scope, settings, records)
    const engine = await openEngine(scope, settings, {
      world,
      stores,
      directory,
      dns,
      policy,
      customers,
      alarms,
      network,
      elsewhere,
      sessions,
      dkim,
      scanner,
    })
    const deliveryNeeds = { world, stores, directory, engine, dkim, dmarc, dns, resolver }
    const delivery = await openDelivery(scope, settings, deliveryNeeds)

    // Sensors tell, doors ask, people look.
    const sensorNeeds = { engine, directory, records, world }
    const sensors: Sensors = await openSensors(scope, settings, sensorNeeds)
    await askReleaser(settings, elsewhere)
    const [ownCertificate, scaled] = [stores.keys.certificate, overrides.clock !== undefined]
    const doorNeeds = { engine, directory, sessions, ownCertificate, world, sockets, scaled }
    const doors = await openDoors(scope, settings, doorNeeds)
    const needs = { config, lost, reread, engine, world, stores, directory, network, customers }
    const reload = await openReload(scope, settings, needs)
    const health = storeHealth({ spool: stores.spool, records, audit })
    const pages = await openPages(scope, settings, {
      engine,
      stores,
      directory,
      customers,
      network,
      elsewhere,
      sensors,
      doors,
      dns,
      delivery,
      health,
      reload,
      world,
    })
    const at = { alarms, engine, stores, directory, sensors, network, doors, health, dkim, world }
    const telling = await alarmWork(scope, settings, at)
    await startChores(scope, settings, { engine, stores, doors, delivery, telling, world, inTurn })
    await remember(records, config)

    const stopping = settings.of(STOPPING)
    return {
      engine,
      events: stores.events,
      places: [...doors.places, ...sensors.places, ...pages.places],
      controlSocket: pages.controlSocket,
      health,
      liveness: settings.liveness(),
      reload,
      lost,
      stopsWithin: () => stopsWithin(stopping.now.drainFor),
      close: () => scope.stop(stopping.now.drainFor),
    }
  })
}
