// The least a DNS list written in Node can do: the name read out of the packet, looked up in a Set, an A record or NXDOMAIN. Prints its port.

import { createSocket } from 'node:dgram'
import { listedAddress } from './list.ts'

const entries = Number(process.argv[2])
const listed = new Set<string>()
for (let i = 0; i < entries; i++) listed.add(listedAddress(i).split('.').toReversed().join('.'))

/** Of a header: an answer, with authority; the code 3 of NXDOMAIN. */
const [ANSWER, NX_DOMAIN] = [0x84, 3]
/** The name of the question again, type A, class IN, 60 s, four bytes: 127.0.0.4. */
const RECORD = Buffer.from('c00c000100010000003c00047f000004', 'hex')
const [HEAD, REVERSED] = [12, 4]

const udp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
udp.on('message', (asked, { address, port }) => {
  const labels: string[] = []
  let at = HEAD
  for (let length = asked[at]; length; length = asked[at]) {
    labels.push(asked.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  const isListed = listed.has(labels.slice(0, REVERSED).join('.'))
  const question = asked.subarray(0, at + 5)
  const reply = Buffer.concat(isListed ? [question, RECORD] : [question])
  reply[2] = ANSWER
  reply[3] = isListed ? 0 : NX_DOMAIN
  reply.fill(0, 6, HEAD)
  if (isListed) reply[7] = 1
  udp.send(reply, port, address)
})
udp.bind(0, '127.0.0.1', () => console.log(JSON.stringify({ port: udp.address().port })))
