// Flow records, as an entry of the list of sensors.

import type { Sensor } from '../../wire/sensor.ts'
import { type FlowSettings, openFlows } from './server.ts'

type FlowsConfig = {
  readonly flows?: FlowSettings | undefined
  readonly nftables: readonly {
    readonly consumers: readonly string[]
    readonly servers: readonly string[]
  }[]
}

export const flows: Sensor<FlowsConfig, FlowSettings> = {
  name: 'flows',
  part: 'flow records',
  reads: { flows: 'restart', nftables: 'restart' },
  settings: ({ flows, nftables }) => flows && completed(flows, nftables),
  open: async (settings, parts) => {
    const records = await openFlows(settings, parts)
    let before = 0
    return {
      places: [{ port: records.port, status: `flow records on port ${records.port}` }],
      counted: {
        metric: 'flows',
        help: 'Flow export: packets and records heard, and what could not be read',
        by: 'what',
        counts: records.counts,
      },
      exporters: () => records.exporters(),
      worries: () => records.worries(),
      isWatching: () => {
        const then = before
        before = records.counts.packets
        return before > then
      },
      close: () => records.close(),
    }
  },
}

/** Networks and servers of ours that stand in the routers' settings need not be written twice. */
function completed(flows: FlowSettings, nftables: FlowsConfig['nftables']): FlowSettings {
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
