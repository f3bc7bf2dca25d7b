import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { AT_MOST, settled } from '../../test/support/untaken.ts'
import { readProxyHeader } from './read-proxy.ts'

/** Both ends of a connection. */
async function pair(t: TestContext): Promise<{ ours: Socket; relay: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const relay = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [ours] = (await accepted) as [Socket]
  for (const socket of [ours, relay]) socket.on('error', () => undefined)
  t.after(() => {
    ours.destroy()
    relay.destroy()
    server.close()
  })
  return { ours, relay }
}

test('a header that does not end is given up after its longest length', async t => {
  const { ours, relay } = await pair(t)
  relay.write(`PROXY TCP4 ${'1'.repeat(8 * 1024 * 1024)}`)
  assert.equal((await readProxyHeader(ours)).kind, 'bad')
  assert.ok(ours.bytesRead < AT_MOST, `${ours.bytesRead} bytes were read`)
})

test('what follows the header is not read until the caller wants it', async t => {
  const { ours, relay } = await pair(t)
  relay.write('PROXY TCP4 198.51.100.7 192.0.2.1 1025 25\r\n')
  relay.write(Buffer.alloc(8 * 1024 * 1024, 'NOOP\r\n'))
  assert.equal((await readProxyHeader(ours)).kind, 'ok')
  const read = await settled(() => ours.bytesRead)
  assert.ok(read < AT_MOST, `${read} bytes were read`)
  assert.equal(String(ours.read(6)), 'NOOP\r\n')
})
