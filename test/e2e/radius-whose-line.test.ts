// Whose line is it, when access servers do what they do: clocks that are wrong, numbers of sessions used again, Stops that come late or
// never, addresses that change under way, users who are nobody's. Told to the real program, by packets of our own from several addresses.

import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../../src/cli/control-client.ts'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { Holder } from '../../src/model/lease.ts'
import type { NetworkStatus } from '../../src/ports/reading.ts'
import {
  ATTRIBUTES,
  type Attribute,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../../src/wire/radius.ts'
import { freePort } from '../support/free-port.ts'
import { eventually, type Served, serve, startServer } from '../support/serve.ts'

const SECRET = 'testing123'
const STATUS = { start: 1, stop: 2, interim: 3, on: 7 } as const
const FRAMED_MASK = 9
const FRAMED_ROUTE = 22
const STATUS_SERVER = 12

type AccountingTold = {
  readonly nas: string
  readonly id?: string
  readonly user?: string
  readonly ip?: string
  /** By the clock of the access server (ms). */
  readonly at?: number
  readonly delay?: number
  readonly more?: readonly Attribute[]
  /** The address it is sent from. */
  readonly from?: string
  readonly secret?: string
}

let port = 0
let server: Served
let number = 0
const sockets = new Map<string, Socket>()

const address4 = (text: string) => Uint8Array.from(text.split('.').map(Number))

async function socketOf(from: string): Promise<Socket> {
  const known = sockets.get(from)
  if (known) return known
  const socket = createSocket('udp4')
  await once(socket.bind(0, from), 'listening')
  sockets.set(from, socket)
  return socket
}

/** Resolves with the code of the answer, or undefined when there is none within a while. */
async function sent(packet: Uint8Array, from: string, to = port): Promise<number | undefined> {
  const socket = await socketOf(from)
  for (let attempts = 0; attempts < 3; attempts++) {
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(5000) })
    socket.send(packet, to, '127.0.0.1')
    const found = await answer.catch(() => undefined)
    if (found) return (found[0] as Uint8Array)[0]
  }
  return undefined
}

async function tell(
  status: keyof typeof STATUS,
  told: AccountingTold,
): Promise<number | undefined> {
  const { nas, id, user, ip, at, delay, more = [], from = '127.0.0.1', secret = SECRET } = told
  number = (number + 1) % 256
  const attributes = [
    numberAttribute(ATTRIBUTES.acctStatus, STATUS[status]),
    { type: ATTRIBUTES.nasAddress, value: address4(nas) },
    ...(id === undefined ? [] : [textAttribute(ATTRIBUTES.acctSession, id)]),
    ...(user === undefined ? [] : [textAttribute(ATTRIBUTES.userName, user)]),
    ...(ip === undefined ? [] : [{ type: ATTRIBUTES.framedAddress, value: address4(ip) }]),
    ...(at === undefined
      ? []
      : [numberAttribute(ATTRIBUTES.eventTimestamp, Math.floor(at / 1000))]),
    ...(delay === undefined ? [] : [numberAttribute(ATTRIBUTES.acctDelay, delay)]),
    // Two packets of one second are not one packet.
    textAttribute(ATTRIBUTES.callingStation, `n${number}-${Date.now()}`),
    ...more,
  ]
  return sent(signedRequest({ code: 4, id: number, attributes }, secret), from)
}

async function who(address: string, at?: number, realm = 'main'): Promise<string> {
  const query = new URLSearchParams({ realm, address, at: String(at ?? Date.now()) })
  const { sure, subscriber } = await ask<Holder>(
    { data: join(server.folder, 'data') },
    `/who?${query.toString()}`,
  )
  return sure === 'certain' ? String(subscriber) : sure
}

before(async () => {
  port = await freePort()
  server = await serve(
    `
hostname: mail.isp.example
leaseSkew: 0s
radius:
  address: 127.0.0.1
  port: ${port}
  clients:
    - { address: 127.0.0.1, secret: ${SECRET} }
    - { address: 127.0.0.2, secret: ${SECRET} }
    - { address: 127.0.0.3, secret: ${SECRET}, nas: [{ name: 192.0.2.201, realm: west }] }
    - { address: 127.0.0.4, secret: ${SECRET}, realm: east }
  stripRealms: [isp.example]
  customers: FOLDER/lines.csv
subscribers: [${Array.from({ length: 9 }, (_, i) => `{ id: kd${i + 1} }`).join(', ')}]`,
    async folder => writeFileSync(join(folder, 'lines.csv'), 'dsl 1/2/3:4,kd9\n'),
  )
})
after(async () => {
  for (const socket of sockets.values()) socket.close()
  await server?.stop()
})

test('a number of a session is used again by another user, and nobody said that the server started anew', async () => {
  const one = { nas: '192.0.2.10', id: '1', ip: '198.51.100.10' }
  await tell('start', { ...one, user: 'kd1' })
  await tell('start', { ...one, user: 'kd2' })
  assert.equal(await who(one.ip), 'kd2')
})

test('an access server that boots in 1970: what it tells is of now, and the address not the former customer’s', async () => {
  const ip = '198.51.100.11'
  await tell('start', { nas: '192.0.2.11', id: '1', user: 'kd1', ip, at: Date.now() })
  const boot = Date.now()
  await tell('on', { nas: '192.0.2.12', at: Date.now() - boot })
  await tell('start', { nas: '192.0.2.12', id: '1', user: 'kd2', ip, at: Date.now() - boot })
  // The first of such a clock may have waited, and the other may have begun since.
  assert.equal(await who(ip), 'ambiguous')
  await tell('stop', { nas: '192.0.2.12', id: '1', user: 'kd2', ip, at: Date.now() - boot })
  assert.equal(await who(ip), 'unknown')
})

test('access servers five minutes apart: the address is not the former customer’s, least of all for certain', async () => {
  const ip = '198.51.100.13'
  const began = Date.now() - 2 * MINUTE
  await tell('interim', { nas: '192.0.2.13', id: '0', user: 'kd8', at: Date.now() })
  await tell('start', { nas: '192.0.2.13', id: '1', user: 'kd1', ip, at: began })
  await tell('start', {
    nas: '192.0.2.14',
    id: '1',
    user: 'kd2',
    ip,
    at: Date.now() - 5 * MINUTE,
  })
  // It may have waited for five minutes, and be over.
  assert.equal(await who(ip), 'ambiguous')
  // Whose it was a minute ago nobody can tell.
  assert.equal(await who(ip, Date.now() - MINUTE), 'ambiguous')
  const { tellers } = await ask<NetworkStatus>({ data: join(server.folder, 'data') }, '/network')
  const slow = tellers.find(({ name }) => name === '192.0.2.14')
  assert.ok(Math.abs((slow?.offset ?? 0) - 5 * MINUTE) < 5000, JSON.stringify(slow))
  const metrics = await (await fetch(`${server.console}metrics`)).text()
  assert.match(
    metrics,
    /cordon_teller_clock_offset_seconds\{kind="radius",name="192\.0\.2\.14"\} (?:29\d|30\d)/,
  )
})

test('how long it tried to tell needs no clock, also where the clock is wrong', async () => {
  const ip = '198.51.100.15'
  const before = Date.now() - 30_000
  await tell('start', { nas: '192.0.2.15', id: '1', user: 'kd1', ip, delay: 30 })
  assert.equal(await who(ip, before + 5000), 'kd1')
  assert.equal(await who(ip, before - 5000), 'unknown')
})

test('a late Stop of the customer’s own former session leaves the new one alone', async () => {
  const ip = '198.51.100.16'
  await tell('start', { nas: '192.0.2.16', id: 'old', user: 'kd1', ip })
  await tell('start', { nas: '192.0.2.16', id: 'new', user: 'kd1', ip })
  await tell('stop', { nas: '192.0.2.16', id: 'old', user: 'kd1', ip })
  assert.equal(await who(ip), 'kd1')
})

test('a late Stop of a number that is used again ends nothing of its new life', async () => {
  const one = { nas: '192.0.2.17', id: '1', ip: '198.51.100.17' }
  await tell('start', { ...one, user: 'kd1', at: Date.now() })
  await tell('start', { ...one, user: 'kd2', at: Date.now() })
  await tell('stop', { ...one, user: 'kd1', at: Date.now() })
  assert.equal(await who(one.ip), 'kd2')
})

test('updates bring a lost lease back: at first nobody is sure, then again', async () => {
  const ip = '198.51.100.18'
  const mine = { nas: '192.0.2.18', id: '1', user: 'kd1', ip }
  await tell('start', mine)
  await tell('start', { nas: '192.0.2.19', id: '1', user: 'kd2', ip })
  await tell('interim', mine)
  assert.equal(await who(ip), 'ambiguous')
  await tell('interim', mine)
  assert.equal(await who(ip), 'kd1')
  // Both go on saying so.
  await tell('interim', { nas: '192.0.2.19', id: '1', user: 'kd2', ip })
  assert.equal(await who(ip), 'ambiguous')
})

test('an update that names another address and prefix ends the former ones', async () => {
  const one = { nas: '192.0.2.20', id: '1', user: 'kd1' }
  const delegated = (...bytes: readonly number[]): readonly Attribute[] => [
    {
      type: ATTRIBUTES.delegatedPrefix6,
      value: Uint8Array.from([0, 56, 0x20, 0x01, 0x0d, 0xb8, ...bytes]),
    },
  ]
  await tell('start', { ...one, ip: '198.51.100.20', more: delegated(0x20, 0x01) })
  await tell('interim', { ...one, ip: '198.51.100.21', more: delegated(0x20, 0x02) })
  assert.equal(await who('198.51.100.20'), 'unknown')
  assert.equal(await who('2001:db8:2001::1'), 'unknown')
  assert.equal(await who('198.51.100.21'), 'kd1')
  assert.equal(await who('2001:db8:2002::1'), 'kd1')
  // An update that names none ends none.
  await tell('interim', one)
  assert.equal(await who('198.51.100.21'), 'kd1')
})

test('sessions without a number are told apart by user and address', async () => {
  const nas = '192.0.2.22'
  await tell('start', { nas, user: 'kd1', ip: '198.51.100.22' })
  await tell('start', { nas, user: 'kd2', ip: '198.51.100.23' })
  await tell('stop', { nas, user: 'kd2', ip: '198.51.100.23' })
  assert.equal(await who('198.51.100.22'), 'kd1')
  assert.equal(await who('198.51.100.23'), 'unknown')
})

test('a secret speaks for its own access server only', async () => {
  const one = { nas: '127.0.0.1', id: '1', ip: '198.51.100.24' }
  await tell('start', { ...one, user: 'kd1' })
  await tell('on', { nas: '127.0.0.1', from: '127.0.0.2' })
  await tell('start', { ...one, user: 'kd2', from: '127.0.0.2' })
  await tell('stop', { ...one, user: 'kd1', from: '127.0.0.3' })
  assert.equal(await who(one.ip), 'kd1')
})

test('an address that a user has who is nobody’s is nobody’s; staff are told', async () => {
  const ip = '198.51.100.25'
  await tell('start', { nas: '192.0.2.25', id: '1', user: 'kd1', ip })
  // Two that begin in one second are in doubt.
  await pause(1_100)
  await tell('start', { nas: '192.0.2.25', id: '2', user: 'stranger', ip })
  assert.equal(await who(ip), 'unknown')
  const { worries } = await ask<NetworkStatus>({ data: join(server.folder, 'data') }, '/network')
  assert.deepEqual(
    worries.map(({ what, about }) => `${what} ${about}`),
    ['unknown user stranger'],
  )
})

test('a user’s realm is cut off, and a table says whose the rest is', async () => {
  const nas = '192.0.2.26'
  await tell('start', { nas, id: '1', user: 'kd1@isp.example', ip: '198.51.100.26' })
  await tell('start', { nas, id: '2', user: 'isp.example/kd2', ip: '198.51.100.27' })
  await tell('start', { nas, id: '3', user: 'DSL 1/2/3:4', ip: '198.51.100.28' })
  assert.deepEqual(
    [await who('198.51.100.26'), await who('198.51.100.27'), await who('198.51.100.28')],
    ['kd1', 'kd2', 'kd9'],
  )
})

test('several access servers with the same addresses inside: a realm for each', async () => {
  const ip = '100.64.0.7'
  await tell('start', { nas: '192.0.2.201', id: '1', user: 'kd1', ip, from: '127.0.0.3' })
  await tell('start', { nas: '192.0.2.202', id: '1', user: 'kd2', ip, from: '127.0.0.4' })
  assert.deepEqual(
    [await who(ip, undefined, 'west'), await who(ip, undefined, 'east'), await who(ip)],
    ['kd1', 'kd2', 'unknown'],
  )
})

test('routes and networks are the customer’s, too; the mask of a pool is not', async () => {
  const nas = '192.0.2.30'
  const mask = (text: string): Attribute => ({ type: FRAMED_MASK, value: address4(text) })
  const route = textAttribute(FRAMED_ROUTE, '203.0.113.16/28 198.51.100.32 1')
  const more = [mask('255.255.255.248'), route]
  await tell('start', { nas, id: '1', user: 'kd1', ip: '198.51.100.33', more })
  const pool = [mask('255.255.255.0')]
  await tell('start', { nas, id: '2', user: 'kd2', ip: '192.0.2.100', more: pool })
  assert.equal(await who('198.51.100.38'), 'kd1')
  assert.equal(await who('203.0.113.30'), 'kd1')
  assert.equal(await who('192.0.2.100'), 'kd2')
  assert.equal(await who('192.0.2.101'), 'unknown')
})

test('whether it is there is asked by Status-Server (RFC 5997)', async () => {
  const packet = Buffer.alloc(38)
  packet.set([STATUS_SERVER, 7, 0, 38, ...randomBytes(16), ATTRIBUTES.messageAuthenticator, 18])
  // Unlike a request of accounting it is signed with a random authenticator (§4.1).
  packet.set(createHmac('md5', SECRET).update(packet).digest(), 22)
  assert.equal(await sent(packet, '127.0.0.1'), 5)
  const forged = Buffer.from(packet)
  forged.writeUInt8(packet.readUInt8(30) ^ 1, 30)
  const socket = await socketOf('127.0.0.1')
  const heard: Buffer[] = []
  socket.on('message', bytes => heard.push(bytes))
  socket.send(forged, port, '127.0.0.1')
  // What is sent after it is answered first and alone.
  assert.equal(await sent(packet, '127.0.0.1'), 5)
  assert.equal(heard.length, 1)
})

test('an hour behind: nothing ends for that; started anew, what ended stays so, what began stays', async () => {
  const slow = { nas: '192.0.2.40', id: '1', user: 'kd3', ip: '198.51.100.40' }
  await tell('start', { ...slow, at: Date.now() - HOUR })
  const over = { nas: '192.0.2.41', id: '1', user: 'kd4', ip: '198.51.100.41', at: Date.now() }
  await tell('start', over)
  await tell('stop', over)
  // In one second it begins, ends, and begins anew.
  const at = Date.now()
  const short = { nas: '192.0.2.42', user: 'kd5', ip: '198.51.100.42', at }
  await tell('start', { ...short, id: 'a' })
  await tell('start', { ...short, id: 'b' })
  await tell('stop', { ...short, id: 'a' })
  server.signal('SIGKILL')
  await server.ended
  const again = await startServer(join(server.folder, 'cordon.yaml'))
  try {
    // Until its clock is known, what it says may be news of an hour ago: in doubt, and not ended.
    assert.equal(await who(slow.ip), 'ambiguous')
    assert.equal(await who(short.ip), 'kd5')
    // A copy of what was said before.
    await tell('start', over)
    assert.equal(await who(over.ip), 'unknown')
    await tell('interim', { ...slow, at: Date.now() - HOUR })
    assert.equal(await who(slow.ip), 'ambiguous')
  } finally {
    const ended = once(again.server, 'exit')
    again.server.kill('SIGKILL')
    await ended
  }
})

test('behind an access server that was silent before a restart nobody is sure after it', async t => {
  const quiet = await freePort()
  const config = `
hostname: mail.isp.example
leaseSkew: 0s
radius: { address: 127.0.0.1, port: ${quiet}, interim: 1s, clients: [{ address: 127.0.0.1, secret: ${SECRET} }] }
subscribers: [{ id: kd1 }]`
  const first = await serve(config)
  t.after(first.stop)
  const attributes = [
    numberAttribute(ATTRIBUTES.acctStatus, 1),
    { type: ATTRIBUTES.nasAddress, value: address4('192.0.2.50') },
    textAttribute(ATTRIBUTES.acctSession, '1'),
    textAttribute(ATTRIBUTES.userName, 'kd1'),
    { type: ATTRIBUTES.framedAddress, value: address4('198.51.100.50') },
  ]
  await sent(signedRequest({ code: 4, id: 1, attributes }, SECRET), '127.0.0.1', quiet)
  const sure = async () =>
    (
      await ask<Holder>(
        { data: join(first.folder, 'data') },
        `/who?${new URLSearchParams({ address: '198.51.100.50' }).toString()}`,
      )
    ).sure
  await eventually(async () => ((await sure()) === 'ambiguous' ? true : undefined))
  await first.end()
  const again = await startServer(join(first.folder, 'cordon.yaml'))
  t.after(() => again.server.kill('SIGKILL'))
  assert.equal(await sure(), 'ambiguous')
  await sent(signedRequest({ code: 4, id: 2, attributes }, SECRET), '127.0.0.1', quiet)
  assert.equal(await sure(), 'certain')
})
