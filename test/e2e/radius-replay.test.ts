// A packet that somebody kept and sends again, after the real program was killed: it changes nothing.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask } from '../../src/cli/control-client.ts'
import type { Holder } from '../../src/model/lease.ts'
import type { NetworkStatus } from '../../src/ports/reading.ts'
import {
  ATTRIBUTES,
  CODES,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../../src/wire/radius.ts'
import { freePort } from '../support/free-port.ts'
import { serve, startServer } from '../support/serve.ts'

const SECRET = 'testing123'
const [START, STOP] = [1, 2]
const HOME = '198.51.100.15'

test('a Start of an ended session that is sent again after SIGKILL leaves the next customer certain', async t => {
  const port = await freePort()
  const server = await serve(`
hostname: mail.isp.example
leaseSkew: 0s
radius: { address: 127.0.0.1, port: ${port}, clients: [{ address: 127.0.0.1, secret: ${SECRET} }] }
subscribers: [{ id: kd13 }, { id: kd14 }, { id: kd15 }]`)
  t.after(server.stop)
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  let number = 0
  const packet = (status: number, user: string, at: number) =>
    signedRequest(
      {
        code: CODES.accountingRequest,
        id: ++number,
        attributes: [
          numberAttribute(ATTRIBUTES.acctStatus, status),
          textAttribute(ATTRIBUTES.nasIdentifier, 'bng1'),
          textAttribute(ATTRIBUTES.acctSession, user),
          textAttribute(ATTRIBUTES.userName, user),
          {
            type: ATTRIBUTES.framedAddress,
            value: Uint8Array.from(HOME.split('.').map(Number)),
          },
          numberAttribute(ATTRIBUTES.eventTimestamp, Math.floor(at / 1000)),
        ],
      },
      SECRET,
    )
  const sent = async (bytes: Uint8Array) => {
    const answered = once(socket, 'message')
    socket.send(bytes, port, '127.0.0.1')
    await answered
  }
  const control = { data: join(server.folder, 'data') }
  const who = async () => {
    const { sure, subscriber } = await ask<Holder>(control, `/who?address=${HOME}`)
    return sure === 'certain' ? subscriber : sure
  }
  const tellers = async () => (await ask<NetworkStatus>(control, '/network')).tellers
  const now = Date.now()
  // Its clock is right.
  await sent(packet(STOP, 'kd13', now))
  const old = packet(START, 'kd14', now - 30_000)
  await sent(old)
  await sent(packet(STOP, 'kd14', now - 20_000))
  await sent(packet(START, 'kd15', now + 1000))
  assert.equal(await who(), 'kd15')
  server.signal('SIGKILL')
  await server.ended
  const again = await startServer(join(server.folder, 'cordon.yaml'))
  t.after(async () => {
    const ended = once(again.server, 'exit')
    again.server.kill('SIGKILL')
    await ended
  })
  assert.deepEqual(
    (await tellers()).map(({ name, settled }) => [name, settled]),
    [['bng1', true]],
  )
  await sent(old)
  assert.equal(await who(), 'kd15')
})
