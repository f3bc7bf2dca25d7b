// NetFlow 9 (RFC 3954) and IPFIX (RFC 7011, over UDP): sets of templates, and of records that can be read once their template is
// known. What cannot be read is counted, never guessed.

import type { ExporterTally, SequenceUnit } from './exporter-state.ts'
import type { Flow } from './flow.ts'
import { type Clock, flowOf, number, samplerOf, type Spot } from './flow-record.ts'
import { Sampling } from './sampling.ts'
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
  /** How each domain of each exporter samples, as it told in a record of options. */
  readonly sampling: Map<string, Sampling>
  readonly tallyOf: (domain: number, unit: SequenceUnit) => ExporterTally
}

/** The consumer of what is read, and the time. */
export type Reader = { readonly told: (flow: Flow) => void; readonly now: number }

type Format = {
  readonly header: number
  readonly template: number
  readonly options: number
  /** Where in the header the observation domain stands. */
  readonly domain: number
  readonly sequence: number
  readonly counts: SequenceUnit
}
const NETFLOW9: Format = {
  header: 20,
  template: 0,
  options: 1,
  domain: 16,
  sequence: 12,
  counts: 'packets',
}
const IPFIX: Format = {
  header: 16,
  template: 2,
  options: 3,
  domain: 12,
  sequence: 8,
  counts: 'records',
}

/** Exporters that told how they sample. */
const MAX_SAMPLING = 4096

/** Tells every record of a packet of version 9 or 10. */
export function decodeIpfix(packet: DataView, exporter: Exporter, { told, now }: Reader): Decoded {
  const version = packet.getUint16(0)
  const format = version === 9 ? NETFLOW9 : IPFIX
  if (packet.byteLength < format.header) return { whole: false, unknown: 0 }
  const number = packet.getUint32(format.domain)
  const tally = exporter.tallyOf(number, format.counts)
  const domain = `${exporter.name} ${number}`
  const clock =
    version === 9
      ? { sentAt: packet.getUint32(8) * 1000, uptime: packet.getUint32(4) }
      : { sentAt: packet.getUint32(4) * 1000, uptime: undefined }
  const found = readSets(packet, { exporter, domain, clock, told, version, tally, now })
  const isCounted = found.whole && (format.counts === 'packets' || found.unknown === 0)
  const count = format.counts === 'packets' ? 1 : found.records
  tally.heard(packet.getUint32(format.sequence), isCounted ? count : undefined, now)
  return found
}

type Sets = ExporterMessage & {
  readonly version: number
  readonly tally: ExporterTally
  readonly now: number
}

/** `records`: of options, too, as sequence numbers count them. */
function readSets(packet: DataView, reading: Sets): Decoded & { readonly records: number } {
  const { exporter, domain, version, tally, now } = reading
  const format = version === 9 ? NETFLOW9 : IPFIX
  const end = version === 9 ? packet.byteLength : Math.min(packet.getUint16(2), packet.byteLength)
  let unknown = 0
  let count = 0
  let at = format.header
  while (at + 4 <= end) {
    const id = packet.getUint16(at)
    const length = packet.getUint16(at + 2)
    if (length < 4 || at + length > end) return { whole: false, unknown, records: count }
    const set = new DataView(packet.buffer, packet.byteOffset + at + 4, length - 4)
    at += length
    if (id === format.template || id === format.options) {
      const options = id === format.options
      if (!learnTemplates(set, { exporter, domain, options, version, tally, now }))
        return { whole: false, unknown, records: count }
    } else if (id >= 256) {
      const template = exporter.templates.find(domain, id)
      if (template) count += records(set, template, reading)
      else {
        unknown++
        tally.misses(id, now)
      }
    }
  }
  return { whole: true, unknown, records: count }
}

type Learning = {
  readonly exporter: Exporter
  readonly domain: string
  readonly options: boolean
  readonly version: number
  readonly tally: ExporterTally
  readonly now: number
}

/** False when a template is cut off: then the one before has ended, too. */
function learnTemplates(set: DataView, learning: Learning): boolean {
  const { exporter, domain, options, version, tally, now } = learning
  const head = options ? 6 : 4
  let at = 0
  // What is shorter than a template's head is padding.
  while (at + head <= set.byteLength) {
    const id = set.getUint16(at)
    // NetFlow 9 counts the bytes of its options' fields, IPFIX their number.
    const second = set.getUint16(at + 2)
    const count = options && version === 9 ? (second + set.getUint16(at + 4)) / 4 : second
    // RFC 7011 §8.1: the id of the set itself takes back all that such sets told.
    if (version === 10 && count === 0 && id === (options ? IPFIX.options : IPFIX.template)) {
      exporter.templates.forgetAll(domain, options)
      at += 4
      continue
    }
    if (id < 256) return id === 0
    at += options && !(version === 10 && second === 0) ? 6 : 4
    if (count === 0) {
      exporter.templates.forget(domain, id)
      continue
    }
    const fields = fieldsOf(set, at, { count, version, scopes: options ? second / 4 : 0 })
    if (!fields) {
      exporter.templates.forget(domain, id)
      tally.unreadableTemplate(id)
      return false
    }
    at = fields.end
    if (exporter.templates.learn(domain, id, fields.all, options)) tally.toldTemplate(id, now)
    else tally.unreadableTemplate(id)
  }
  return true
}

type Announced = { readonly count: number; readonly version: number; readonly scopes: number }

/** Undefined when they are cut off. */
function fieldsOf(
  set: DataView,
  from: number,
  { count, version, scopes }: Announced,
): { readonly all: readonly Field[]; readonly end: number } | undefined {
  const all: Field[] = []
  let at = from
  for (let i = 0; i < count; i++) {
    if (at + 4 > set.byteLength) return undefined
    const type = set.getUint16(at)
    const length = set.getUint16(at + 2)
    at += 4
    const enterprise = version === 10 && type >= 0x8000
    if (enterprise) at += 4
    if (at > set.byteLength) return undefined
    // An enterprise's own element is stepped over, whatever its number means elsewhere; so is the scope of version 9.
    const scope = version === 9 && i < scopes
    all.push({ type: enterprise || scope ? -1 : type, length })
  }
  return { all, end: at }
}

type ExporterMessage = {
  readonly exporter: Exporter
  readonly domain: string
  readonly clock: Clock
  readonly told: (flow: Flow) => void
}

/** Returns how many there were. */
function records(set: DataView, template: Template, reading: ExporterMessage): number {
  const { exporter, domain, told } = reading
  const sampling = exporter.sampling.get(domain)
  let at = 0
  for (let count = 0; ; count++) {
    const size = template.size ?? measure(template, set, at)
    if (size === undefined || size === 0 || at + size > set.byteLength) return count
    const record: Spot = { set, template, at }
    if (template.options) learnSampling(record, reading)
    else {
      const flow = flowOf(record, reading.clock, samplingOf(record, sampling))
      if (flow) told(flow)
    }
    at += size
  }
}

function samplingOf(record: Spot, sampling: Sampling | undefined): number {
  if (!sampling) return 1
  const sampler = samplerOf(record)
  return sampler === undefined ? sampling.unnamed : sampling.of(sampler)
}

function learnSampling(record: Spot, { exporter, domain }: ExporterMessage): void {
  const taken = number(record, SLOTS.packetsTaken)
  const every =
    taken > 0
      ? (taken + number(record, SLOTS.packetsLeft)) / taken
      : Math.max(number(record, SLOTS.interval), number(record, SLOTS.randomInterval))
  const known = exporter.sampling.get(domain)
  if (!known && exporter.sampling.size >= MAX_SAMPLING) return
  const mine = known ?? new Sampling()
  if (!known) exporter.sampling.set(domain, mine)
  mine.learn(every, samplerOf(record))
}
