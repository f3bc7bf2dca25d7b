// NetFlow 9 (RFC 3954) and IPFIX (RFC 7011, over UDP): sets of templates, and of records that can be read once their template is
// known. What cannot be read is counted, never guessed.

import { emptyFlow, type Flow } from './flow.ts'
import { type Field, measure, SLOTS, type Template, type Templates } from './templates.ts'

export type Decoded = {
  /** The packet was whole as far as it could be read. */
  readonly whole: boolean
  /** Sets whose template has not come yet. */
  readonly unknown: number
}

export type Exporter = {
  readonly name: string
  readonly templates: Templates
  /** How each exporter samples, as it told in a record of options. */
  readonly sampling: Map<string, number>
}

type Format = {
  readonly header: number
  readonly template: number
  readonly options: number
  /** Where in the header the observation domain stands. */
  readonly domain: number
}
const NETFLOW9: Format = { header: 20, template: 0, options: 1, domain: 16 }
const IPFIX: Format = { header: 16, template: 2, options: 3, domain: 12 }

/** Exporters that told how they sample. */
const MAX_SAMPLING = 4096

/** Tells every record of a packet of version 9 or 10. */
export function decodeIpfix(
  packet: DataView,
  exporter: Exporter,
  told: (flow: Flow) => void,
): Decoded {
  const version = packet.getUint16(0)
  const format = version === 9 ? NETFLOW9 : IPFIX
  if (packet.byteLength < format.header) return { whole: false, unknown: 0 }
  const domain = `${exporter.name} ${packet.getUint32(format.domain)}`
  const clock =
    version === 9
      ? { sentAt: packet.getUint32(8) * 1000, uptime: packet.getUint32(4) }
      : { sentAt: packet.getUint32(4) * 1000, uptime: undefined }
  const end = version === 9 ? packet.byteLength : Math.min(packet.getUint16(2), packet.byteLength)
  let unknown = 0
  let at = format.header
  while (at + 4 <= end) {
    const id = packet.getUint16(at)
    const length = packet.getUint16(at + 2)
    if (length < 4 || at + length > end) return { whole: false, unknown }
    const set = new DataView(packet.buffer, packet.byteOffset + at + 4, length - 4)
    at += length
    if (id === format.template || id === format.options) {
      const options = id === format.options
      if (!learnTemplates(set, { exporter, domain, options, version }))
        return { whole: false, unknown }
    } else if (id >= 256) {
      const template = exporter.templates.find(domain, id)
      if (template) records(set, template, { exporter, domain, clock, told })
      else unknown++
    }
  }
  return { whole: true, unknown }
}

type Learning = {
  readonly exporter: Exporter
  readonly domain: string
  readonly options: boolean
  readonly version: number
}

/** False when a template is cut off. */
function learnTemplates(set: DataView, { exporter, domain, options, version }: Learning): boolean {
  const head = options ? 6 : 4
  let at = 0
  // What is shorter than a template's head is padding.
  while (at + head <= set.byteLength) {
    const id = set.getUint16(at)
    // NetFlow 9 counts the bytes of its options' fields, IPFIX their number.
    const second = set.getUint16(at + 2)
    const count = options && version === 9 ? (second + set.getUint16(at + 4)) / 4 : second
    if (id < 256) return id === 0
    at += options && !(version === 10 && second === 0) ? 6 : 4
    if (count === 0) {
      exporter.templates.forget(domain, id)
      continue
    }
    const fields: Field[] = []
    for (let i = 0; i < count; i++) {
      if (at + 4 > set.byteLength) return false
      const type = set.getUint16(at)
      const length = set.getUint16(at + 2)
      at += 4
      const enterprise = version === 10 && type >= 0x8000
      if (enterprise) at += 4
      if (at > set.byteLength) return false
      // An enterprise's own element is stepped over, whatever its number means elsewhere; so is the scope of version 9.
      const scope = options && version === 9 && i < second / 4
      fields.push({ type: enterprise || scope ? -1 : type, length })
    }
    exporter.templates.learn(domain, id, fields, options)
  }
  return true
}

type ExporterMessage = {
  readonly exporter: Exporter
  readonly domain: string
  readonly clock: { readonly sentAt: number; readonly uptime: number | undefined }
  readonly told: (flow: Flow) => void
}

function records(set: DataView, template: Template, reading: ExporterMessage): void {
  const { exporter, domain, told } = reading
  const sampling = exporter.sampling.get(domain) ?? 1
  let at = 0
  for (;;) {
    const size = template.size ?? measure(template, set, at)
    if (size === undefined || size === 0 || at + size > set.byteLength) return
    const record: Spot = { set, template, at }
    if (template.options) learnSampling(record, reading)
    else if (fill(record, reading.clock, sampling)) told(FLOW)
    at += size
  }
}

type Spot = { readonly set: DataView; readonly template: Template; readonly at: number }

const FLOW = emptyFlow()

function fill(record: Spot, clock: ExporterMessage['clock'], sampling: number): boolean {
  const four = place(record, SLOTS.source4) >= 0 && place(record, SLOTS.destination4) >= 0
  if (!four && (place(record, SLOTS.source6) < 0 || place(record, SLOTS.destination6) < 0))
    return false
  const source = four ? number(record, SLOTS.source4) : digits(record, SLOTS.source6)
  const destination = four ? number(record, SLOTS.destination4) : digits(record, SLOTS.destination6)
  FLOW.source = source
  FLOW.destination = destination
  FLOW.sourcePort = number(record, SLOTS.sourcePort) & 0xffff
  FLOW.destinationPort = number(record, SLOTS.destinationPort) & 0xffff
  FLOW.protocol = number(record, SLOTS.protocol) & 0xff
  FLOW.flags = number(record, SLOTS.flags) & 0xff
  FLOW.packets = number(record, SLOTS.packets)
  FLOW.bytes = number(record, SLOTS.bytes)
  FLOW.sampling = Math.max(
    1,
    number(record, SLOTS.interval),
    number(record, SLOTS.randomInterval),
    sampling,
  )
  FLOW.endedAt = endOf(record, clock)
  FLOW.sentAt = clock.sentAt
  return true
}

function endOf(record: Spot, { sentAt, uptime }: ExporterMessage['clock']): number {
  if (place(record, SLOTS.endMilliseconds) >= 0) return number(record, SLOTS.endMilliseconds)
  if (place(record, SLOTS.endSeconds) >= 0) return number(record, SLOTS.endSeconds) * 1000
  if (place(record, SLOTS.endUptime) < 0 || uptime === undefined) return 0
  return sentAt - ((uptime - number(record, SLOTS.endUptime)) >>> 0)
}

function learnSampling(record: Spot, { exporter, domain }: ExporterMessage): void {
  const taken = number(record, SLOTS.packetsTaken)
  const every =
    taken > 0
      ? (taken + number(record, SLOTS.packetsLeft)) / taken
      : Math.max(number(record, SLOTS.interval), number(record, SLOTS.randomInterval))
  if (every < 1 || (exporter.sampling.size >= MAX_SAMPLING && !exporter.sampling.has(domain)))
    return
  exporter.sampling.set(domain, every)
}

const place = ({ template }: Spot, slot: number): number => template.places[slot] as number

/** A number in as many bytes as the exporter likes; 0 where it is not told. */
function number({ set, template, at }: Spot, slot: number): number {
  const from = template.places[slot] as number
  if (from < 0) return 0
  const length = template.lengths[slot] as number
  if (length === 4) return set.getUint32(at + from)
  if (length === 2) return set.getUint16(at + from)
  if (length === 1) return set.getUint8(at + from)
  let value = 0
  for (let i = 0; i < length; i++) value = value * 256 + set.getUint8(at + from + i)
  return value
}

function digits({ set, template, at }: Spot, slot: number): string {
  const from = (template.places[slot] as number) + at
  let text = ''
  for (let i = 0; i < 16; i += 4)
    text += set
      .getUint32(from + i)
      .toString(16)
      .padStart(8, '0')
  return text
}
