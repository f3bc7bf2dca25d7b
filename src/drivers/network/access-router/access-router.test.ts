import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { accessRouter } from './access-router.ts'

async function router(t: TestContext, answer: (socket: Socket) => void) {
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.on('data', () => answer(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const driver = accessRouter({ host: '127.0.0.1', port })
  t.after(async () => {
    await driver.close()
    server.close()
  })
  return driver
}

test('an answer in pieces is one, and several in one piece are several', async t => {
  const driver = await router(t, socket => {
    socket.write('{"ok":true,"ent')
    setImmediate(() => socket.write('ries":[]}\n'))
  })
  assert.deepEqual(await driver.list(), [])
})

test('what is no answer ends the connection, and the next one is asked anew', async t => {
  let said = 'hello\n'
  const driver = await router(t, socket => void socket.write(said))
  await assert.rejects(driver.list(), /no answer/)
  said = '7\n'
  await assert.rejects(driver.list(), /no answer/)
  said = '{"ok":true}\n'
  assert.deepEqual(await driver.list(), [])
})

test('an answer without an end is not kept', { timeout: 60_000 }, async t => {
  const piece = Buffer.alloc(1024 * 1024, 'x')
  const driver = await router(t, socket => {
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
      if (!socket.destroyed) socket.once('drain', more)
    }
    more()
  })
  await assert.rejects(driver.list(), /does not end/)
})

test('what was asked is answered before it closes', async t => {
  const driver = await router(t, socket => void setTimeout(() => socket.write('{"ok":true}\n'), 50))
  const asked = driver.list()
  await driver.close()
  assert.deepEqual(await asked, [])
})

test('requests that wait have a bound', async t => {
  const driver = await router(t, () => undefined)
  const asked = Array.from({ length: 10_001 }, () => driver.list())
  const last = asked.pop() as Promise<unknown>
  await assert.rejects(last, /wait for the router already/)
  const settled = Promise.allSettled(asked)
  await driver.close()
  const ended = await settled
  assert.ok(ended.every(({ status }) => status === 'rejected'))
})
