// One record of NetFlow 9 or IPFIX whose template is known, as a flow: the same things are told by exporters in one element or another.

import { emptyFlow, FLAGS, type Flow } from './flow.ts'
import { SLOTS, type Template } from './templates.ts'

/** Of the packet, by its exporter (ms); `uptime` where times are told by that. */
export type Clock = { readonly sentAt: number; readonly uptime: number | undefined }

/** A record, and where it stands. */
export type Spot = { readonly set: DataView; readonly template: Template; readonly at: number }

const FLOW = emptyFlow()

/** Undefined where it tells of no addresses. The same object is used again for the next record. */
export function flowOf(record: Spot, clock: Clock, sampling: number): Flow | undefined {
  const four = place(record, SLOTS.source4) >= 0 && place(record, SLOTS.destination4) >= 0
  if (!four && (place(record, SLOTS.source6) < 0 || place(record, SLOTS.destination6) < 0))
    return undefined
  const source = four ? number(record, SLOTS.source4) : digits(record, SLOTS.source6)
  const destination = four ? number(record, SLOTS.destination4) : digits(record, SLOTS.destination6)
  FLOW.source = source
  FLOW.destination = destination
  FLOW.sourcePort = number(record, SLOTS.sourcePort) & 0xffff
  FLOW.destinationPort = number(record, SLOTS.destinationPort) & 0xffff
  FLOW.protocol = number(record, SLOTS.protocol) & 0xff
  FLOW.flags = flagsOf(record)
  FLOW.packets = firstOf(record, PACKETS)
  FLOW.bytes = firstOf(record, BYTES)
  FLOW.sampling = Math.max(
    1,
    number(record, SLOTS.interval),
    number(record, SLOTS.randomInterval),
    sampling,
  )
  FLOW.endedAt = endOf(record, clock)
  FLOW.sentAt = clock.sentAt
  return FLOW
}

const PACKETS = [SLOTS.packets, SLOTS.totalPackets, SLOTS.sentPackets]
const BYTES = [SLOTS.bytes, SLOTS.totalBytes, SLOTS.sentBytes]

/** Exporters tell the same in one element or another. */
function firstOf(record: Spot, slots: readonly number[]): number {
  for (const slot of slots) if (place(record, slot) >= 0) return number(record, slot)
  return 0
}

/** Where both directions are told and no flags: the side that is named as the source began, and something came back or did not. */
function flagsOf(record: Spot): number {
  if (place(record, SLOTS.flags) >= 0) return number(record, SLOTS.flags) & 0xff
  const { answeredPackets, answeredBytes } = SLOTS
  const slot = place(record, answeredPackets) >= 0 ? answeredPackets : answeredBytes
  if (place(record, slot) < 0) return 0
  return number(record, slot) > 0 ? FLAGS.syn | FLAGS.ack : FLAGS.syn
}

function endOf(record: Spot, { sentAt, uptime }: Clock): number {
  if (place(record, SLOTS.endMilliseconds) >= 0) return number(record, SLOTS.endMilliseconds)
  if (place(record, SLOTS.observedMilliseconds) >= 0)
    return number(record, SLOTS.observedMilliseconds)
  if (place(record, SLOTS.endSeconds) >= 0) return number(record, SLOTS.endSeconds) * 1000
  if (place(record, SLOTS.endUptime) < 0 || uptime === undefined) return 0
  return sentAt - ((uptime - number(record, SLOTS.endUptime)) >>> 0)
}

export function samplerOf(record: Spot): number | undefined {
  if (place(record, SLOTS.sampler) >= 0) return number(record, SLOTS.sampler)
  return place(record, SLOTS.selector) >= 0 ? number(record, SLOTS.selector) : undefined
}

export const place = ({ template }: Spot, slot: number): number => template.places[slot] as number

/** A number in as many bytes as the exporter likes; 0 where it is not told. */
export function number({ set, template, at }: Spot, slot: number): number {
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
