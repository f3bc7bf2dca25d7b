// Takes flow records over UDP: NetFlow 5 and 9 and IPFIX on one port, from exporters that are named. Tells; asks nothing.

import type { Engine } from '../../ports/engine.ts'
import type { FlowExporter } from '../../ports/reading.ts'
import type { Worry } from '../../wire/sensor.ts'
import type { Moment, TellerClock } from '../../wire/teller-clock.ts'
import type { TellerClocks } from '../../wire/teller-clocks.ts'
import { DroppedTellers } from '../../wire/dropped-tellers.ts'
import { listenUdp } from '../../wire/udp-listener.ts'
import { contactList } from './contact-list.ts'
import { ExporterTally, type SequenceUnit } from './exporter-state.ts'
import { SflowSenders } from './sflow-senders.ts'
import { flowWatch, type FlowWatchSettings } from './flow-watch.ts'
import { decodeIpfix, type Exporter } from './ipfix.ts'
import { decodeNetflow5 } from './netflow5.ts'
import type { Sampling } from './sampling.ts'
import { templates } from './templates.ts'
import type { Flow } from './flow.ts'

export type FlowSettings = FlowWatchSettings & {
  /** `flows.address`, 0.0.0.0 by default. */
  readonly address: string
  /** UDP: `flows.port`, 2055 by default, 0 to 65535; 0: any free port. */
  readonly port: number
  /** Addresses of the exporters that may tell us. */
  readonly exporters: readonly string[]
  /** Feeds of addresses that command infected machines: `flows.contacts`, nothing by default; none when empty. */
  readonly contacts: readonly string[]
}

export type FlowCounts = {
  readonly [what in 'packets' | 'records' | 'bad' | 'unknown' | 'strangers']: number
}

export type Flows = {
  readonly port: number
  readonly counts: FlowCounts
  exporters(): readonly FlowExporter[]
  worries(): readonly Worry[]
  close(): Promise<void>
}

export type FlowParts = {
  readonly report: Engine['report']
  readonly clocks: TellerClocks
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

/** Feeds are looked at so often (ms). */
const REFRESH = 60_000

/** Exporters and domains that are counted: more than this is one that names ever new domains. */
const MAX_TALLIES = 4096

/** Reads packets from any sender; malformed ones are counted. */
export function flowReader(told: (flow: Flow) => void) {
  const exporters = new Map<string, Exporter>()
  const known = templates()
  const counts = { packets: 0, records: 0, bad: 0, unknown: 0, strangers: 0 }
  const sampling = new Map<string, Sampling>()
  const tallies = new Map<string, ExporterTally>()
  const sflow = new SflowSenders()
  const count = (flow: Flow) => {
    counts.records++
    told(flow)
  }
  const tallyOf = (name: string, domain: number, unit: SequenceUnit): ExporterTally => {
    const key = `${name} ${domain}`
    const before = tallies.get(key)
    if (before) return before
    const fresh = new ExporterTally(name, domain, unit)
    if (tallies.size < MAX_TALLIES) tallies.set(key, fresh)
    return fresh
  }
  const exporterOf = (name: string): Exporter => {
    const before = exporters.get(name)
    if (before) return before
    const fresh: Exporter = {
      name,
      templates: known,
      sampling,
      tallyOf: (domain, unit) => tallyOf(name, domain, unit),
    }
    // Only exporters that are named get here, each with some ports of its own.
    if (exporters.size > 10_000) exporters.clear()
    exporters.set(name, fresh)
    return fresh
  }
  const readFive = (packet: DataView, from: string, now: number) => {
    if (!decodeNetflow5(packet, count)) return void counts.bad++
    // The engine of a router counts for itself.
    const tally = tallyOf(from, packet.getUint16(20), 'records')
    return tally.heard(packet.getUint32(16), packet.getUint16(2), now)
  }
  return {
    counts,
    exporters: (now: number) =>
      [...tallies.values()].map(one => one.state(now, known.countOf(`${one.name} ${one.domain}`))),
    worries: (now: number) => [
      ...[...tallies.values()].flatMap(one => one.worries(now)),
      ...sflow.worries(now),
    ],
    read: (bytes: Uint8Array, from: string, now = 0) => {
      counts.packets++
      const packet = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const version = packet.byteLength < 2 ? 0 : packet.getUint16(0)
      if (version === 5) readFive(packet, from, now)
      else if (version === 9 || version === 10) {
        const { whole, unknown } = decodeIpfix(packet, exporterOf(from), { told: count, now })
        counts.unknown += unknown
        if (!whole) counts.bad++
      } else {
        counts.bad++
        sflow.hear(packet, from, now)
      }
    },
  }
}

export async function openFlows(settings: FlowSettings, parts: FlowParts): Promise<Flows> {
  const contacts = contactList(settings.contacts, parts.trouble)
  const watch = flowWatch(settings, { report: parts.report, contacts })
  let now = 0
  let from = ''
  /** Of the packet that is being read: all of it was sent at once. */
  let moment: Moment | undefined
  const strangers = new DroppedTellers()
  const clocks = new Map<string, TellerClock>()
  const clockOf = (name: string) => {
    const clock = clocks.get(name) ?? parts.clocks.of('flows', name)
    clocks.set(name, clock)
    return clock
  }
  const reader = flowReader(flow => {
    moment ??= clockOf(from).hear(flow.sentAt, now)
    watch.see(flow, now, moment)
  })
  const udp = await listenUdp(
    { address: settings.address, port: settings.port, sources: settings.exporters },
    {
      heard: (bytes, peer) => {
        now = parts.now()
        moment = undefined
        from = peer.address
        reader.read(bytes, peer.address, now)
      },
      stranger: ({ address }) => {
        reader.counts.strangers++
        const words = 'it is none of flows.exporters: all it tells is dropped'
        strangers.note({ what: 'unknown exporter', about: address, words }, parts.now())
      },
      trouble: error => parts.trouble(error, 'flow records'),
    },
  )
  const refresh = setInterval(() => contacts.refresh(), REFRESH)
  refresh.unref()
  return {
    port: udp.port,
    counts: reader.counts,
    exporters: () => reader.exporters(parts.now()),
    worries: () => [...reader.worries(parts.now()), ...strangers.worries(parts.now())],
    close: () => {
      clearInterval(refresh)
      return udp.close()
    },
  }
}
