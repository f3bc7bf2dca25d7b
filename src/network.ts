// The access network, as main.ts opens it: the routers that do something about a line, and the sensors that tell who has which
// address and what a router sees. Wired once; nothing here decides anything.

import { join } from 'node:path'
import type { Config } from './config/schema.ts'
import type { MemoryLeases } from './drivers/directory/leases-memory.ts'
import { accessRouter } from './drivers/network/access-router.ts'
import { nftables } from './drivers/network/nftables/nftables.ts'
import { radiusCoa } from './drivers/network/radius-coa/radius-coa.ts'
import { webhook } from './drivers/network/webhook.ts'
import { signedPost } from './drivers/network/signed-post.ts'
import type { RunningEngine } from './engine/engine.ts'
import type { OptOutNews } from './engine/opt-outs.ts'
import { parsePrefix, type Prefix } from './model/ip.ts'
import type { RolloutPart } from './model/rollout.ts'
import type { DeterministicMap } from './model/shared-address.ts'
import { foldAddress } from './model/mail-address.ts'
import type { NetworkControl } from './ports/network-control.ts'
import type { Subscribers } from './ports/subscribers.ts'
import { openDecoys } from './sensors/decoy/server.ts'
import { openFirewallLog } from './sensors/firewall-log.ts'
import { type FlowSettings, openFlows } from './sensors/flows/server.ts'
import { openNatLog } from './sensors/nat-log.ts'
import { openKea } from './sensors/kea/kea.ts'
import { openRadius } from './sensors/radius/server.ts'

export type NetworkDrivers = { readonly routers: readonly NetworkControl[]; close(): void }

export function networkDrivers(config: Config, now: () => number): NetworkDrivers {
  const heldIn = (kind: string, name: string) =>
    join(config.dataFolder, `${kind}-${encodeURIComponent(name)}.json`)
  const agents = config.accessRouters.map(accessRouter)
  const accessServers = config.radiusCoa.map(one => radiusCoa(one, heldIn('coa', one.name), now))
  return {
    routers: [
      ...agents,
      ...accessServers,
      ...config.webhooks.map(one => webhook(one, heldIn('webhook', one.name), now)),
      ...config.nftables.map(one => nftables(one, now)),
    ],
    close: () => {
      for (const one of [...agents, ...accessServers]) one.close()
    },
  }
}

/** The arithmetic of shared addresses, as the configuration has it. */
export const sharedAddressesOf = ({ sharedAddresses }: Config): readonly DeterministicMap[] =>
  sharedAddresses.map(map => ({
    ...map,
    inside: parsePrefix(map.inside) as Prefix,
    outside: map.outside.map(text => parsePrefix(text) as Prefix),
  }))

/** The parts of a rollout, with dates as times. */
export const rolloutParts = ({ rollout }: Config): readonly RolloutPart[] =>
  rollout.parts.map(part => ({ ...part, date: Date.parse(`${part.date}T00:00Z`) }))

/** Tells the operator's own systems of opt-outs, where they want to know. */
export function optOutNews(
  { optOut: { hook } }: Config,
  now: () => number,
  trouble: (error: unknown, about: string) => void,
): (what: OptOutNews) => void {
  return ({ news, at, optOut }) => {
    if (!hook) return
    const { id, code, subscriber, kind, server, addresses, endedBy } = optOut
    const told = { code, subscriber, kind, server, addresses, endedBy }
    signedPost(
      hook,
      { id: `${id}-${news}-${at}`, news, at: new Date(at).toISOString(), ...told },
      now,
    ).catch(error => trouble(error, 'telling of an opt-out'))
  }
}

/** What the routers know of who is ours need not be written twice. */
function flowSettings({ nftables }: Config, flows: NonNullable<Config['flows']>): FlowSettings {
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

export type NetworkSensorParts = {
  readonly engine: Pick<RunningEngine, 'report' | 'moveLeases'>
  readonly leases: MemoryLeases
  readonly subscribers: Subscribers
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export type NetworkSensors = {
  readonly firewallLogPort: number | undefined
  readonly radiusPort: number | undefined
  /** Packets of RADIUS accounting so far, by what became of them. */
  readonly radiusPackets: Readonly<Record<string, number>>
  readonly flowsPort: number | undefined
  readonly natLogPort: number | undefined
  /** Packets and records of flow export so far, by what became of them. */
  readonly flowCounts: Readonly<Record<string, number>>
  /** Lines of the router's log and of a NAT's, by what became of them. */
  readonly lineCounts: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly decoyPorts: readonly number[]
  /** The router's log is connected, or flow records have come since this was asked last. */
  isWatching(): boolean
  close(): Promise<void>
}

export async function networkSensors(
  config: Config,
  { engine, leases, subscribers, now, trouble }: NetworkSensorParts,
): Promise<NetworkSensors> {
  const { report, moveLeases } = engine
  const firewallLog =
    config.firewallLog && (await openFirewallLog(config.firewallLog, { report, now }))
  const radius =
    config.radius &&
    (await openRadius(config.radius, {
      moveLeases,
      leases: leases.all(),
      subscriberOf: name => (subscribers.get(name) ?? subscribers.byLogin(foldAddress(name)))?.id,
      now,
      trouble,
    }))
  const flows =
    config.flows && (await openFlows(flowSettings(config, config.flows), { report, now, trouble }))
  const natLog =
    config.natLog && (await openNatLog(config.natLog, { moveLeases, leases, now, trouble }))
  const decoys = config.decoys && (await openDecoys(config.decoys, { report, now }))
  const kea =
    config.kea &&
    openKea(config.kea, {
      moveLeases,
      leases: leases.all(),
      isSubscriber: id => subscribers.get(id) !== undefined,
      now,
      trouble,
    })
  let flowsBefore = 0
  if (radius) leases.doubt(({ session }) => session !== undefined && radius.isSilent(session.nas))
  return {
    firewallLogPort: firewallLog?.port,
    radiusPort: radius?.port,
    radiusPackets: radius?.counts ?? {},
    flowsPort: flows?.port,
    natLogPort: natLog?.port,
    flowCounts: flows?.counts ?? {},
    lineCounts: { firewall: firewallLog?.counts ?? {}, nat: natLog?.counts ?? {} },
    decoyPorts: decoys?.ports ?? [],
    isWatching: () => {
      const before = flowsBefore
      flowsBefore = flows?.counts.packets ?? 0
      return (firewallLog?.connected ?? false) || flowsBefore > before
    },
    close: async () => {
      kea?.close()
      await Promise.all([firewallLog?.close(), radius?.close(), flows?.close(), decoys?.close()])
    },
  }
}
