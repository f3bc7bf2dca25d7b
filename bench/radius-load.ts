// An access server, as fast as it is answered. Usage: radius-load.ts PORT SECRET SESSIONS ROUNDS WHAT [FIRST CUSTOMERS], where WHAT is
// start, interim, or on; sessions are numbered from FIRST on, and are of so many customers in turn. At most so many requests wait for an answer at once, as an access server has. Prints {perSecond, seconds, lost}.

import { createSocket } from 'node:dgram'
import {
  ATTRIBUTES,
  type Attribute,
  CODES,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../src/wire/radius.ts'

const [port = '', secret = '', sessions = '', rounds = '', what = '', from = '0', of = 'Infinity'] =
  process.argv.slice(2)
const [first, customers] = [Number(from), Number(of)]
/** One socket has 256 numbers; real access servers use several, too (RFC 2865 §3). */
const SOCKETS = 4
const AT_ONCE = 200
const AGAIN = 2000
const STATUS = { start: 1, interim: 3, on: 7 }[what] ?? 0

const address = (i: number): Attribute => ({
  type: ATTRIBUTES.framedAddress,
  value: Uint8Array.from([100, 64 + ((i >> 16) & 63), (i >> 8) & 255, i & 255]),
})

const packets = Array.from({ length: Number(sessions) }, (_, i): readonly Attribute[] => [
  numberAttribute(ATTRIBUTES.acctStatus, STATUS),
  textAttribute(ATTRIBUTES.nasIdentifier, 'bng1'),
  ...(what === 'on'
    ? []
    : [
        textAttribute(ATTRIBUTES.acctSession, `s${first + i}`),
        textAttribute(ATTRIBUTES.userName, `kd${(first + i) % customers}`),
        address(i),
      ]),
])

const total = packets.length * Number(rounds)
let next = 0
let answered = 0
let again = 0
const began = performance.now()
await Promise.all(
  Array.from({ length: SOCKETS }, async () => {
    const socket = createSocket('udp4')
    const waiting = new Map<number, { bytes: Uint8Array; at: number }>()
    await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
    await new Promise<void>(resolve => {
      const send = (id: number) => {
        if (next >= total) return waiting.size === 0 ? resolve() : undefined
        const attributes = packets[next % packets.length] ?? []
        // What makes it another packet than the last with this number.
        const stamp = textAttribute(ATTRIBUTES.callingStation, String(next))
        next++
        const bytes = signedRequest(
          { code: CODES.accountingRequest, id, attributes: [...attributes, stamp] },
          secret,
        )
        waiting.set(id, { bytes, at: performance.now() })
        return socket.send(bytes, Number(port), '127.0.0.1')
      }
      socket.on('message', answer => {
        const id = answer[1] ?? 0
        if (!waiting.delete(id)) return
        answered++
        send(id)
      })
      const timer = setInterval(() => {
        for (const one of waiting.values())
          if (performance.now() - one.at > AGAIN) {
            again++
            one.at = performance.now()
            socket.send(one.bytes, Number(port), '127.0.0.1')
          }
      }, 500)
      timer.unref()
      for (let id = 0; id < AT_ONCE; id++) send(id)
    })
    socket.close()
  }),
)
const seconds = (performance.now() - began) / 1000
console.log(JSON.stringify({ perSecond: answered / seconds, seconds, again }))
