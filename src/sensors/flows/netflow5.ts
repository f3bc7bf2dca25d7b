// NetFlow version 5: a header of 24 bytes and up to 30 records of 48. IPv4 only, nothing to negotiate.

import { emptyFlow, type Flow } from './flow.ts'

const HEADER = 24
const RECORD = 48
/** Version 5 knows no larger packet. */
const MAX_RECORDS = 30

/** Tells every record; false when the packet is not whole. */
export function decodeNetflow5(packet: DataView, told: (flow: Flow) => void): boolean {
  if (packet.byteLength < HEADER) return false
  const count = packet.getUint16(2)
  if (count > MAX_RECORDS || packet.byteLength < HEADER + count * RECORD) return false
  const uptime = packet.getUint32(4)
  const sentAt = packet.getUint32(8) * 1000
  // Two bits are the sampling mode, fourteen the interval; with 0 and 1 every packet is seen.
  const sampling = Math.max(1, packet.getUint16(22) & 0x3fff)
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * RECORD
    FLOW.source = packet.getUint32(at)
    FLOW.destination = packet.getUint32(at + 4)
    FLOW.packets = packet.getUint32(at + 16)
    FLOW.bytes = packet.getUint32(at + 20)
    FLOW.endedAt = sentAt - ((uptime - packet.getUint32(at + 28)) >>> 0)
    FLOW.sentAt = sentAt
    FLOW.sourcePort = packet.getUint16(at + 32)
    FLOW.destinationPort = packet.getUint16(at + 34)
    FLOW.flags = packet.getUint8(at + 37)
    FLOW.protocol = packet.getUint8(at + 38)
    FLOW.sampling = sampling
    told(FLOW)
  }
  return true
}

const FLOW = emptyFlow()
