import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'
import { CODES, parseRadius, type RadiusPacket, signedAnswer } from '../../../wire/radius.ts'
import { coaClient } from './coa-client.ts'

const SECRET = 'a secret'

async function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  return socket
}

test('an answer from another address, from another port, or with another secret is none', async t => {
  const [asked, elsewhere, otherPort] = [
    await bound('127.0.0.1'),
    await bound('127.0.0.2'),
    await bound('127.0.0.1'),
  ]
  t.after(() => [asked, elsewhere, otherPort].forEach(one => one.close()))
  const ack = (request: RadiusPacket, secret = SECRET) =>
    signedAnswer({ code: CODES.coaAck, id: request.id, attributes: [] }, request, secret)
  let isRight = false
  let heard = 0
  asked.on('message', (bytes, { port, address }) => {
    const request = parseRadius(bytes)
    assert.ok(request)
    heard++
    if (isRight) return asked.send(ack(request), port, address)
    elsewhere.send(ack(request), port, address)
    otherPort.send(ack(request), port, address)
    return asked.send(ack(request, 'another'), port, address)
  })
  const client = coaClient({ perSecond: 1000, messageAuthenticator: true })
  t.after(() => client.close())
  const server = {
    nas: 'bng',
    address: '127.0.0.1',
    port: asked.address().port,
    secret: SECRET,
  }
  await assert.rejects(client.ask(server, CODES.coaRequest, []), /no answer from 127\.0\.0\.1/)
  assert.equal(heard, 3)
  isRight = true
  assert.equal((await client.ask(server, CODES.coaRequest, [])).code, CODES.coaAck)
})
