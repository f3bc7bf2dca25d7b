// Connections that strangers hold over TCP keep no client away.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { TcpPlaces } from './places.ts'
import { tcpServer } from './tcp.ts'

const MESSAGE = Buffer.from([0, 3, 1, 2, 3])

async function scene(t: { after(end: () => Promise<void>): void }, whole?: number) {
  const { server, close } = tcpServer(
    asked => asked,
    address => address === '127.0.0.1' || address.startsWith('127.0.1.'),
    whole,
  )
  const open: Socket[] = []
  t.after(async () => {
    for (const one of open) one.destroy()
    await close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    /** One that stands, or was closed at once. */
    from: async (localAddress: string) => {
      const socket = connect({ host: '127.0.0.1', port, localAddress })
      socket.on('error', () => undefined)
      open.push(socket)
      await once(socket, 'connect')
      return socket
    },
  }
}

const answered = (socket: Socket) =>
  new Promise<boolean>(resolve => {
    socket.once('data', () => resolve(true))
    socket.once('close', () => resolve(false))
    socket.write(MESSAGE)
  })

test('six hundred connections of strangers leave clients all of theirs', async t => {
  const { from } = await scene(t)
  for (let i = 0; i < 600; i++) {
    const stranger = await from(`127.1.${i % 30}.${1 + (i % 200)}`)
    stranger.write(Buffer.from([0]))
  }
  for (let i = 0; i < 16; i++) assert.ok(await answered(await from('127.0.0.1')), `${i}`)
  assert.ok(await answered(await from('127.0.1.1')))
})

test('a question that comes octet by octet is cut off in its time, and who asks whole ones is not', async t => {
  const { from } = await scene(t, 300)
  const slow = await from('127.0.0.1')
  const drip = setInterval(() => slow.write(Buffer.from([0])), 50)
  t.after(async () => clearInterval(drip))
  slow.write(Buffer.from([2]))
  const quick = await from('127.0.0.1')
  const until = performance.now() + 700
  while (performance.now() < until) {
    assert.ok(await answered(quick))
    quick.removeAllListeners('close')
    await new Promise(resolve => setTimeout(resolve, 40))
  }
  assert.equal(slow.closed, true)
})

test('a client with all addresses of a /64 or a network has no more places than its own', () => {
  const places = new TcpPlaces()
  const enter = (address: string) => places.enter(address, true)
  const of = (count: number, address: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => enter(address(i))).filter(one => one !== undefined)
  assert.equal(of(100, i => `2001:db8::${i.toString(16)}`).length, 16)
  assert.equal(of(1000, i => `2001:db8:0:${i.toString(16)}::1`).length, 128 - 16)
  const leave = of(200, i => `192.0.2.${i}`)
  assert.equal(leave.length, 128)
  assert.ok(enter('198.51.100.7'))
  leave[0]?.()
  assert.ok(enter('192.0.2.250'))
  assert.equal(enter('192.0.2.251'), undefined)
})
