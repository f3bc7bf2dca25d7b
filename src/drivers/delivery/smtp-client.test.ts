import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { openConnection } from './smtp-client.ts'

test('a server whose reply does not end is not listened to for long', {
  timeout: 30_000,
}, async t => {
  let said = 0
  const talks = async (socket: Socket) => {
    socket.on('error', () => undefined)
    while (!socket.destroyed) {
      said += 16 * 1024
      if (!socket.write(`220-${'x'.repeat(16 * 1024 - 6)}\r\n`))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
      if (said > 900 * 1024) return
    }
  }
  const server = createServer(socket => void talks(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const hop = { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } as const
  await assert.rejects(openConnection(hop, { ourName: 'mail.isp.example' }), /maximum allowed size/)
})
