// Templates of NetFlow 9 (RFC 3954) and IPFIX (RFC 7011): what an exporter says its records look like, kept for each exporter and
// observation domain. Bounded: an exporter that announces ever new ones loses its oldest.

/** A field as announced. A length of 65535 stands in front of each value (IPFIX). */
export type Field = { readonly type: number; readonly length: number }

export type Template = {
  readonly fields: readonly Field[]
  /** Bytes of a record; undefined when fields of it have a length of their own. */
  readonly size: number | undefined
  /** Of a record that is about the exporter itself: how it samples. */
  readonly options: boolean
  /** Where what we read stands in a record, by `SLOTS`; -1 is nowhere. Filled in anew for records without a size. */
  readonly places: Int32Array
  readonly lengths: Int32Array
}

/** Information elements that are read (IANA ipfix registry; the same numbers in NetFlow 9). */
const READ = {
  source4: 8, // sourceIPv4Address
  destination4: 12, // destinationIPv4Address
  source6: 27, // sourceIPv6Address
  destination6: 28, // destinationIPv6Address
  sourcePort: 7, // sourceTransportPort
  destinationPort: 11, // destinationTransportPort
  protocol: 4, // protocolIdentifier
  flags: 6, // tcpControlBits
  packets: 2, // packetDeltaCount
  bytes: 1, // octetDeltaCount
  totalPackets: 86, // packetTotalCount: YAF
  totalBytes: 85, // octetTotalCount
  sentPackets: 298, // initiatorPackets: Cisco ASA
  sentBytes: 231, // initiatorOctets
  answeredPackets: 299, // responderPackets
  answeredBytes: 232, // responderOctets
  endUptime: 21, // flowEndSysUpTime
  endSeconds: 151, // flowEndSeconds
  endMilliseconds: 153, // flowEndMilliseconds
  observedMilliseconds: 323, // observationTimeMilliseconds: Cisco ASA
  interval: 34, // samplingInterval
  randomInterval: 50, // samplerRandomInterval
  sampler: 48, // samplerId
  selector: 302, // selectorId
  packetsTaken: 305, // samplingPacketInterval
  packetsLeft: 306, // samplingPacketSpace
} as const
const ELEMENTS: readonly number[] = Object.values(READ)

/** The place of each of them in `places` and `lengths`. */
export const SLOTS = Object.fromEntries(Object.keys(READ).map((name, i) => [name, i])) as Readonly<
  Record<keyof typeof READ, number>
>

/** -1 when it is not read, or cannot be: an address has a length, a number has at most eight bytes. */
function slotOf(type: number, length: number): number {
  const slot = ELEMENTS.indexOf(type)
  const address = slot <= SLOTS.destination4 ? 4 : slot <= SLOTS.destination6 ? 16 : undefined
  return address === undefined ? (length > 8 ? -1 : slot) : length === address ? slot : -1
}

const VARIABLE = 0xffff
const MAX_FIELDS = 200
const MAX_RECORD = 4096
const PER_EXPORTER = 256
const MAX_EXPORTERS = 1024

export type Templates = {
  /** Remembers one; false when it cannot be used: then there is none of this id any more. */
  learn(exporter: string, id: number, fields: readonly Field[], options: boolean): boolean
  forget(exporter: string, id: number): void
  /** All of records, or all of options. */
  forgetAll(exporter: string, options: boolean): void
  find(exporter: string, id: number): Template | undefined
  countOf(exporter: string): number
  readonly count: number
}

export function templates(): Templates {
  const byExporter = new Map<string, Map<number, Template>>()
  return {
    learn: (exporter, id, fields, options) => {
      const template = templateOf(fields, options)
      if (!template) {
        byExporter.get(exporter)?.delete(id)
        return false
      }
      const known = byExporter.get(exporter)
      const mine = known ?? new Map<number, Template>()
      if (!known) {
        if (byExporter.size >= MAX_EXPORTERS) dropFirst(byExporter)
        byExporter.set(exporter, mine)
      }
      if (!mine.has(id) && mine.size >= PER_EXPORTER) dropFirst(mine)
      mine.set(id, template)
      return true
    },
    forget: (exporter, id) => void byExporter.get(exporter)?.delete(id),
    forgetAll: (exporter, options) => {
      const mine = byExporter.get(exporter)
      for (const [id, template] of mine ?? []) if (template.options === options) mine?.delete(id)
    },
    countOf: exporter => byExporter.get(exporter)?.size ?? 0,
    find: (exporter, id) => byExporter.get(exporter)?.get(id),
    get count() {
      let count = 0
      for (const mine of byExporter.values()) count += mine.size
      return count
    },
  }
}

function dropFirst(map: Map<unknown, unknown>): void {
  for (const key of map.keys()) return void map.delete(key)
}

function templateOf(announced: readonly Field[], options: boolean): Template | undefined {
  if (announced.length === 0 || announced.length > MAX_FIELDS) return undefined
  // Fields without a length say nothing, and would be looked at for each record of one byte.
  const fields = announced.filter(({ length }) => length > 0)
  const variable = fields.some(({ length }) => length === VARIABLE)
  const size = fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0)
  // A record of no bytes would never end.
  if (size === 0 || size > MAX_RECORD) return undefined
  const places = new Int32Array(ELEMENTS.length).fill(-1)
  const lengths = new Int32Array(ELEMENTS.length)
  let at = 0
  for (const { type, length } of fields) {
    const slot = slotOf(type, length)
    if (slot >= 0 && !variable && (places[slot] as number) < 0) {
      places[slot] = at
      lengths[slot] = length
    }
    at += length
  }
  return { fields, size: variable ? undefined : size, options, places, lengths }
}

/** Finds the places of fields in a record whose fields have their own lengths. Returns its size; undefined when it is not whole. */
export function measure(template: Template, packet: DataView, from: number): number | undefined {
  const { fields, places, lengths } = template
  places.fill(-1)
  let at = from
  for (const field of fields) {
    let { length } = field
    if (length === VARIABLE) {
      if (at + 1 > packet.byteLength) return undefined
      length = packet.getUint8(at)
      at += 1
      if (length === 255) {
        if (at + 2 > packet.byteLength) return undefined
        length = packet.getUint16(at)
        at += 2
      }
    }
    if (at + length > packet.byteLength) return undefined
    const slot = slotOf(field.type, length)
    if (slot >= 0 && (places[slot] as number) < 0) {
      places[slot] = at - from
      lengths[slot] = length
    }
    at += length
  }
  return at - from
}
