// RADIUS accounting, told by FreeRADIUS's own client: who has which address, kept before it is answered.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { cordon, eventually, run, type Served, serve, startServer } from '../support/serve.ts'

const config = (port: number, more = '') => `
hostname: mail.isp.example
radius:
  address: 127.0.0.1
  port: ${port}
  clients: [{ address: 127.0.0.1, secret: testing123 }]
${more}
subscribers:
  - { id: kd1, logins: [{ name: anna@isp.example }] }
  - { id: kd2 }
`

async function told(port: number, attributes: string, secret = 'testing123') {
  const words = ['-r', '2', '-t', '1', '-x', `127.0.0.1:${port}`, 'acct', secret]
  return run('radclient', words, `${attributes}\n`)
}

const session = (status: string, more: string) =>
  `Acct-Status-Type = ${status}, Acct-Session-Id = "5F", NAS-IP-Address = 192.0.2.1, ${more}`
const ADDRESSES =
  'Framed-IP-Address = 198.51.100.7, Framed-IPv6-Prefix = 2001:db8:17::/64, Delegated-IPv6-Prefix = 2001:db8:1700::/56'

const who = async ({ folder }: Served, ...words: readonly string[]) =>
  (await cordon(folder, 'who', ...words)).output.trim()

async function served(t: TestContext, more = ''): Promise<{ port: number; server: Served }> {
  const port = await freePort()
  const server = await serve(config(port, more))
  t.after(server.stop)
  return { port, server }
}

test('a session: from its start to its end, IPv4 and both kinds of IPv6 prefix', async t => {
  const { port, server } = await served(t)
  const start = await told(port, session('Start', `User-Name = "kd1", ${ADDRESSES}`))
  assert.match(start.output, /Received Accounting-Response/)
  for (const address of ['198.51.100.7', '[2001:db8:17::9]:4000', 'main/2001:db8:1700:aa::1'])
    assert.match(
      await who(server, address),
      /^kd1 {2}certain\n.*\nsession {3}5F of kd1 at 192\.0\.2\.1$/,
    )
  assert.match(await who(server, '198.51.100.8'), /^unknown/)
  const shown = await cordon(server.folder, 'subscriber', 'show', 'kd1')
  assert.match(shown.output, /leases +198\.51\.100\.7\/32, 2001:db8:17::\/64, 2001:db8:1700::\/56/)
  const stop = await told(port, session('Stop', `User-Name = "kd1", ${ADDRESSES}`))
  assert.match(stop.output, /Received Accounting-Response/)
  assert.match(await who(server, '198.51.100.7', '--at', '2001-01-01T00:00Z'), /^unknown/)
  // Just now it changed hands.
  assert.match(await who(server, '198.51.100.7'), /^(?:ambiguous|unknown)/)
})

test('a login names a customer, too; whoever is nobody’s has no lease; the next customer takes over without a Stop', async t => {
  const { port, server } = await served(t, '  subscriber: user-name\nleaseSkew: 0s')
  await told(
    port,
    session('Start', 'User-Name = "anna@isp.example", Framed-IP-Address = 198.51.100.7'),
  )
  assert.match(await who(server, '198.51.100.7'), /^kd1/)
  const stranger = await told(
    port,
    'Acct-Status-Type = Start, Acct-Session-Id = "60", User-Name = "nobody", Framed-IP-Address = 198.51.100.9',
  )
  assert.match(stranger.output, /Received Accounting-Response/)
  assert.match(await who(server, '198.51.100.9'), /^unknown/)
  const between = new Date()
  await new Promise(resolve => setTimeout(resolve, 1100))
  await told(
    port,
    'Acct-Status-Type = Start, Acct-Session-Id = "61", NAS-IP-Address = 192.0.2.1, User-Name = "kd2", Framed-IP-Address = 198.51.100.7',
  )
  assert.match(await who(server, '198.51.100.7'), /^kd2/)
  assert.match(await who(server, '198.51.100.7', '--at', between.toISOString()), /^kd1/)
})

test('an access server starts anew: its sessions are over, those of others are not', async t => {
  const { port, server } = await served(t, 'leaseSkew: 0s')
  await told(port, session('Start', 'User-Name = "kd1", Framed-IP-Address = 198.51.100.7'))
  await told(
    port,
    'Acct-Status-Type = Start, Acct-Session-Id = "5F", NAS-IP-Address = 192.0.2.2, User-Name = "kd2", Framed-IP-Address = 198.51.100.8',
  )
  await told(port, 'Acct-Status-Type = Accounting-On, NAS-IP-Address = 192.0.2.1')
  assert.match(await who(server, '198.51.100.7'), /^unknown/)
  assert.match(await who(server, '198.51.100.8'), /^kd2/)
})

test('what was answered is kept: killed at once, started again, and its Stop is understood', async t => {
  const { port, server } = await served(t, 'leaseSkew: 0s')
  await told(port, session('Start', 'User-Name = "kd1", Framed-IP-Address = 198.51.100.7'))
  server.signal('SIGKILL')
  const again = await startServer(join(server.folder, 'cordon.yaml'))
  t.after(() => again.server.kill('SIGKILL'))
  assert.match(await who(server, '198.51.100.7'), /^kd1/)
  await told(port, session('Stop', 'User-Name = "kd1"'))
  assert.match(await who(server, '198.51.100.7'), /^unknown/)
})

test('a wrong secret, another sender and garbage get no answer and change nothing; a copy is never answered', async t => {
  const { port, server } = await served(t)
  const attributes = session('Start', 'User-Name = "kd1", Framed-IP-Address = 198.51.100.7')
  assert.match((await told(port, attributes, 'wrong')).output, /No reply from server/)
  assert.match(await who(server, '198.51.100.7'), /^unknown/)
  const socket = createSocket('udp4')
  await once(socket.bind(0, '127.0.0.2'), 'listening')
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(5000, 4), Buffer.from([4, 1, 0, 20])])
    await new Promise(resolve => socket.send(bytes, port, '127.0.0.1', resolve))
  socket.close()
  const ours = createSocket('udp4')
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(5000, 4), Buffer.from([4, 1, 0, 20])])
    await new Promise(resolve => ours.send(bytes, port, '127.0.0.1', resolve))
  ours.close()
  assert.match((await told(port, attributes)).output, /Received Accounting-Response/)
  const metrics = await (await fetch(`${server.console}metrics`)).text()
  for (const result of ['heard', 'unsigned', 'strange', 'malformed'])
    assert.match(metrics, new RegExp(`radius_packets_total{result="${result}"} [1-9]`))
  const copied = await served(t, '  answer: false')
  assert.match((await told(copied.port, attributes)).output, /No reply from server/)
  await eventually(async () =>
    (await who(copied.server, '198.51.100.7')).startsWith('kd1') ? true : undefined,
  )
})
