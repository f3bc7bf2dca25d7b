// An exporter that sends as fast as it is told to. Usage: flow-load.ts PORT PACKETS PER_SECOND. Packets of NetFlow 9 with 24 records
// each, from a hundred thousand lines, mostly web; one line in a thousand scans, one in two hundred mails. Prints how many records.

import { createSocket } from 'node:dgram'
import {
  COLUMNS4,
  dataSet,
  packet,
  type SentFlow,
  templateSet,
} from '../test/support/flow-packets.ts'

const [port = 0, packets = 0, perSecond = 0] = process.argv.slice(2).map(Number)
const EACH = 24
const LINES = 100_000
/** Made beforehand and sent in turn: the exporter must not be what is slow. */
const READY = 2000

function record(n: number): SentFlow {
  const line = (n * 7919) % LINES
  const from = `100.${64 + (line >> 16)}.${(line >> 8) & 255}.${line & 255}`
  const to = `192.0.${n & 255}.${(n >> 8) & 255}`
  if (line % 1000 === 1) return { from, to, port: 445 }
  if (line % 200 === 2) return { from, to, port: 25, flags: 0x1b, packets: 12, bytes: 9000 }
  if (n % 3 === 0)
    return { from: to, to: from, port: 40_000, sourcePort: 443, flags: 0x1b, packets: 20 }
  return { from, to, port: 443, flags: 0x1b, packets: 20, bytes: 20_000 }
}

const all = Array.from({ length: READY }, (_, i) =>
  packet(9, [
    ...(i % 100 === 0 ? [templateSet(9, 256, COLUMNS4)] : []),
    dataSet(
      256,
      COLUMNS4,
      Array.from({ length: EACH }, (_each, n) => record(i * EACH + n)),
    ),
  ]),
)
const socket = createSocket('udp4')
await new Promise<void>(resolve => socket.connect(port, '127.0.0.1', resolve))
const began = performance.now()
for (let sent = 0; sent < packets; ) {
  const due = Math.min(packets, Math.ceil(((performance.now() - began) / 1000) * perSecond))
  for (; sent < due; sent++) socket.send(all[sent % READY] as Buffer)
  await new Promise(resolve => setTimeout(resolve, 1))
}
await new Promise(resolve => setTimeout(resolve, 200))
socket.close()
console.log(packets * EACH)
