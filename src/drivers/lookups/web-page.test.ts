import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import { auditCertificates } from '../../../test/support/audit-certificates.ts'
import { webPage } from './web-page.ts'

test('a server that goes over to another protocol keeps no place', async t => {
  const { trusted, authority } = await auditCertificates(['far.example'])
  const upgrading = createServer({ key: trusted.key, cert: trusted.cert })
  const sockets: Duplex[] = []
  upgrading.on('connection', socket => sockets.push(socket.on('error', () => undefined)))
  upgrading.on('request', (_asked, answer) => {
    answer.socket?.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    )
  })
  await new Promise<void>(resolve => upgrading.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    upgrading.close()
  })
  const { port } = upgrading.address() as AddressInfo
  const place = {
    name: 'far.example',
    path: '/',
    address: '127.0.0.1',
    port,
    authorities: [authority],
    agent: 'cordon',
  }
  const answer = webPage(place, AbortSignal.timeout(10_000))
  const late = new Promise(resolve => setTimeout(resolve, 15_000, 'no end').unref())
  assert.deepEqual(await Promise.race([answer, late]), { broken: 'it answers 101' })
})
