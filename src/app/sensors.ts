// Sensors tell: who has which address (RADIUS accounting, Kea, a NAT's log), and what goes out of a line (the router's log, flow
// records, decoys). Each is opened only where the configuration names it.

import type { RunningEngine } from '../engine/engine.ts'
import { foldAddress } from '../model/mail-address.ts'
import { openDecoys } from '../sensors/decoy/server.ts'
import { openFirewallLog } from '../sensors/firewall-log.ts'
import { type FlowSettings, openFlows } from '../sensors/flows/server.ts'
import { openKea } from '../sensors/kea/kea.ts'
import { openNatLog } from '../sensors/nat-log.ts'
import { openRadius } from '../sensors/radius/server.ts'
import type { Directory } from './directory.ts'
import type { Place } from './place.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

export type Sensors = {
  readonly places: readonly Place[]
  /** Packets of RADIUS accounting so far, by what became of them. */
  readonly radiusPackets: Readonly<Record<string, number>>
  /** Packets and records of flow export so far, by what became of them. */
  readonly flowCounts: Readonly<Record<string, number>>
  /** Lines of the router's log and of a NAT's, by what became of them. */
  readonly lineCounts: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The router's log is connected, or flow records have come since this was asked last. */
  isWatching(): boolean
}

export type SensorNeeds = {
  readonly engine: Pick<RunningEngine, 'report' | 'moveLeases'>
  readonly directory: Pick<Directory, 'leases' | 'subscribers'>
  readonly world: World
}

const KEYS = {
  firewallLog: 'restart',
  flows: 'restart',
  nftables: 'restart',
  decoys: 'restart',
  radius: 'restart',
  kea: 'restart',
  natLog: 'restart',
} as const satisfies Keys

export const SENSORS_READ = [KEYS]

export async function openSensors(
  scope: Scope,
  settings: Settings,
  needs: SensorNeeds,
): Promise<Sensors> {
  const config = settings.of(KEYS).now
  const leases = await leaseSensors(scope, config, needs)
  const traffic = await trafficSensors(scope, config, needs)
  let flowsBefore = 0
  const { firewallLog, flows, decoys } = traffic
  return {
    places: [
      ...(firewallLog ? [{ kind: 'firewall-log', port: firewallLog.port } as const] : []),
      ...(leases.radius ? [{ kind: 'radius', port: leases.radius.port } as const] : []),
      ...(flows ? [{ kind: 'flows', port: flows.port } as const] : []),
      ...(decoys?.ports ?? []).map(port => ({ kind: 'decoy', port }) as const),
    ],
    radiusPackets: leases.radius?.counts ?? {},
    flowCounts: flows?.counts ?? {},
    lineCounts: { firewall: firewallLog?.counts ?? {}, nat: leases.natLog?.counts ?? {} },
    isWatching: () => {
      const before = flowsBefore
      flowsBefore = flows?.counts.packets ?? 0
      return (firewallLog?.connected ?? false) || flowsBefore > before
    },
  }
}

/** Who has which address. */
async function leaseSensors(
  scope: Scope,
  { radius, natLog, kea }: Chosen<typeof KEYS>,
  { engine: { moveLeases }, directory: { leases, subscribers }, world }: SensorNeeds,
) {
  const { now, trouble } = world
  const accounting =
    radius &&
    (await scope.open(
      'RADIUS accounting',
      () =>
        openRadius(radius, {
          moveLeases,
          leases: leases.all(),
          subscriberOf: name =>
            (subscribers.get(name) ?? subscribers.byLogin(foldAddress(name)))?.id,
          now,
          trouble,
        }),
      { close: opened => opened.close() },
    ))
  if (accounting)
    leases.doubt(({ session }) => session !== undefined && accounting.isSilent(session.nas))
  const nat =
    natLog &&
    (await scope.open('NAT log', () => openNatLog(natLog, { moveLeases, leases, now, trouble }), {
      close: opened => opened.close(),
    }))
  if (kea)
    await scope.open(
      'Kea leases',
      () =>
        openKea(kea, {
          moveLeases,
          leases: leases.all(),
          isSubscriber: id => subscribers.get(id) !== undefined,
          now,
          trouble,
        }),
      { close: opened => opened.close() },
    )
  return { radius: accounting, natLog: nat }
}

/** What goes out of a line. */
async function trafficSensors(
  scope: Scope,
  config: Chosen<typeof KEYS>,
  { engine: { report }, world: { now, trouble } }: SensorNeeds,
) {
  const { firewallLog, flows, decoys } = config
  const log =
    firewallLog &&
    (await scope.open('firewall log', () => openFirewallLog(firewallLog, { report, now }), {
      close: opened => opened.close(),
    }))
  const records =
    flows &&
    (await scope.open(
      'flow records',
      () => openFlows(flowSettings(config, flows), { report, now, trouble }),
      { close: opened => opened.close() },
    ))
  const traps =
    decoys &&
    (await scope.open('decoys', () => openDecoys(decoys, { report, now }), {
      close: opened => opened.close(),
    }))
  return { firewallLog: log, flows: records, decoys: traps }
}

/** What the routers know of who is ours need not be written twice. */
function flowSettings(
  { nftables }: Pick<Chosen<typeof KEYS>, 'nftables'>,
  flows: NonNullable<Chosen<typeof KEYS>['flows']>,
): FlowSettings {
  const or = (given: readonly string[], told: readonly string[]) =>
    given.length > 0 ? given : told
  return {
    ...flows,
    networks: or(
      flows.networks,
      nftables.flatMap(({ consumers }) => consumers),
    ),
    servers: or(
      flows.servers,
      nftables.flatMap(({ servers }) => servers),
    ),
  }
}
