import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test } from 'node:test'
import { validation } from './dane.ts'

/** A resolver on this machine whose answers have these flags, and nothing else. */
async function answering(t: { after(end: () => void): void }, flags: number) {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const answer = Buffer.from(query.subarray(0, query.length - 11))
    answer.writeUInt16BE(0x8180 | flags, 2)
    answer.writeUInt16BE(0, 10)
    socket.send(answer, port, address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  t.after(() => socket.close())
  return [`127.0.0.1:${socket.address().port}`]
}

const delivery = { dane: true }

test('whether a resolver on this machine validates is said, and what to do where there is none', async t => {
  const [AUTHENTIC, SERVFAIL] = [0x20, 2]
  for (const [resolvers, state, said] of [
    [await answering(t, AUTHENTIC), 'good', /machine validates/],
    [await answering(t, 0), 'note', /does not validate/],
    [
      await answering(t, SERVFAIL),
      'unknown',
      /does not answer for the root: .* all mail by MX waits/,
    ],
    [['192.0.2.53'], 'note', /no resolver on this machine is asked \(192\.0\.2\.53\)/],
  ] as const) {
    const found = await validation({ delivery, resolvers })
    assert.equal(found.state, state, found.said)
    assert.match(found.said, said)
    assert.equal(found.write === undefined, state === 'good')
  }
  const off = await validation({ delivery: { dane: false }, resolvers: ['127.0.0.1'] })
  assert.deepEqual([off.state, off.write], ['note', undefined])
})
