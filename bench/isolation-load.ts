// Parts of the isolation bench that run inside its namespaces. Usage: isolation-load.ts knock|tell|churn|move. All times are of one clock.
//   knock  reads ADDRESS; from there it connects to 203.0.113.200 port 25 until it is refused, and prints when that was
//   tell   reads ADDRESS; writes what a firewall logs of thirty knocks from there, and prints when the thirtieth was written
//   churn  begins and ends 5,000 sessions again and again, 2,000 packets a second, until it is ended
//   move   gives 250 addresses of experts to other experts in turn, 100 a second, until it is ended

import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import {
  ATTRIBUTES,
  CODES,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../src/wire/radius.ts'

const [what = ''] = process.argv.slice(2)
const now = () => performance.timeOrigin + performance.now()
const lines = (each: (line: string) => void | Promise<void>) =>
  createInterface({ input: process.stdin }).on('line', line => void each(line))

const refused = (localAddress: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: '203.0.113.200', port: 25, localAddress })
    socket.on('data', () => {
      socket.resetAndDestroy()
      resolve(false)
    })
    socket.on('error', error => resolve('code' in error && error.code === 'ECONNREFUSED'))
  })

const LOGGED = { 'oob.prefix': 'cordon refused ', src_port: 40_000, dest_port: 25 }

switch (what) {
  case 'knock':
    lines(async address => {
      while (!(await refused(address)));
      console.log(now())
    })
    break
  case 'tell': {
    const log = connect(10_040, '127.0.0.1')
    lines(address => {
      const knocks = Array.from({ length: 30 }, (_, i) =>
        JSON.stringify({ ...LOGGED, src_ip: address, dest_ip: `203.0.113.${i + 1}` }),
      )
      log.write(`${knocks.join('\n')}\n`)
      console.log(now())
    })
    break
  }
  case 'churn': {
    const socket = createSocket('udp4')
    let n = 0
    setInterval(() => {
      for (let i = 0; i < 20; i++, n++) {
        const [session, cycle] = [n % 5000, Math.floor(n / 5000)]
        const address = Uint8Array.from([100, 64, session >> 8, session & 255])
        const attributes = [
          numberAttribute(ATTRIBUTES.acctStatus, (cycle % 2) + 1),
          textAttribute(ATTRIBUTES.nasIdentifier, 'bng1'),
          textAttribute(ATTRIBUTES.acctSession, `${session}-${cycle >> 1}`),
          textAttribute(ATTRIBUTES.userName, `kd${(session + cycle) % 20_000}`),
          { type: ATTRIBUTES.framedAddress, value: address },
        ]
        const packet = { code: CODES.accountingRequest, id: n & 255, attributes }
        socket.send(signedRequest(packet, 'bench'), 1813, '127.0.0.1')
      }
    }, 10)
    break
  }
  case 'move': {
    const socket = createSocket('udp4')
    let n = 0
    setInterval(() => {
      const attributes = [
        numberAttribute(ATTRIBUTES.acctStatus, 1),
        textAttribute(ATTRIBUTES.nasIdentifier, 'bng2'),
        textAttribute(ATTRIBUTES.acctSession, `m${n}`),
        textAttribute(ATTRIBUTES.userName, `mover${(n * 7) % 50}`),
        { type: ATTRIBUTES.framedAddress, value: Uint8Array.from([198, 19, 0, n % 250]) },
      ]
      const packet = { code: CODES.accountingRequest, id: n++ & 255, attributes }
      socket.send(signedRequest(packet, 'bench'), 1813, '127.0.0.1')
    }, 10)
    break
  }
  default:
    throw new Error('knock, tell, churn or move')
}
