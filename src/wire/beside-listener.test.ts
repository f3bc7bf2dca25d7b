import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { listenBeside } from './beside-listener.ts'

const HOUR = 3_600_000

test('a connection that says something is kept, one that has said nothing for long is closed', {
  timeout: 10_000,
}, async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const heard: string[] = []
  const listener = { address: '127.0.0.1', port: 0, clients: ['127.0.0.1'] }
  const door = await listenBeside(listener, socket => {
    socket.on('data', chunk => heard.push(String(chunk)))
  })
  const [talks, forgets] = [connect(door.port, '127.0.0.1'), connect(door.port, '127.0.0.1')]
  await Promise.all([once(talks, 'connect'), once(forgets, 'connect')])
  const closed = once(forgets, 'close')
  for (const said of ['one', 'two', 'three']) {
    talks.write(said)
    while (heard.at(-1) !== said) await new Promise(resolve => setImmediate(resolve))
    t.mock.timers.tick(HOUR / 3)
  }
  await closed
  assert.equal(talks.readyState, 'open')
  talks.destroy()
  await door.close()
})

test('who is not among the clients is not talked to', async () => {
  let talked = 0
  const listener = { address: '127.0.0.1', port: 0, clients: ['192.0.2.1'] }
  const door = await listenBeside(listener, () => void talked++)
  const socket = connect(door.port, '127.0.0.1')
  socket.resume()
  await once(socket, 'close')
  assert.equal(talked, 0)
  await door.close()
})
