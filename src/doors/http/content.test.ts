// What the content of a request may cost, in bytes read and in pieces that are kept; never by the clock.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { mock, test } from 'node:test'
import { Hono } from 'hono'
import { HeaderEnd } from './header-end.ts'
import { allOf, openedDoor, parsed, turn } from '../../../test/support/http-door.ts'
import { AT_MOST } from '../../../test/support/untaken.ts'

function app() {
  return new Hono()
    .get('/', context => context.text('read'))
    .post('/', async context => context.text(`${(await context.req.text()).length}`))
    .post('/unread', context => context.text('not read'))
}

/** Goes on sending, and reads nothing, until its connection ends. */
async function goOn(client: Socket, words: string): Promise<void> {
  const most = Buffer.from(words.repeat(10_000))
  while (!client.destroyed) {
    if (!client.writableNeedDrain) client.write(most)
    await turn()
  }
}

const CHUNKS = '1\r\ny\r\n'
for (const [what, header, words, status] of [
  ['in chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked', CHUNKS, 411],
  ['in chunks of a GET', 'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked', CHUNKS, 411],
  [
    'in chunks, asked before',
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked',
    CHUNKS,
    411,
  ],
  [
    'in chunks for another protocol',
    'POST / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked',
    CHUNKS,
    411,
  ],
  [
    'in chunks with a trailer',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: x',
    '0\r\nx: y\r\n',
    411,
  ],
  ['in chunks of HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked', CHUNKS, 411],
  ['that is encoded', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity', 'y', 411],
  [
    'in chunks with a length',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 9',
    CHUNKS,
    400,
  ],
  ['of a GET', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999', 'y', 413],
  ['of a HEAD', 'HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999', 'y', 413],
  ['of an OPTIONS', 'OPTIONS / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999', 'y', 413],
  [
    'that expects what is not',
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: x\r\nContent-Length: 99999999999',
    'y',
    417,
  ],
  ['for no host', 'POST / HTTP/1.1\r\nContent-Length: 99999999999', 'y', 400],
] as const)
  test(`content ${what} is answered ${status}; not a piece of it is kept, and the connection ends although the client goes on`, async t => {
    const seen = parsed(t)
    const { silent, ours } = await openedDoor(t, app())
    const polite = await silent()
    polite.end(`${header}\r\n\r\n${words}`)
    assert.match(await allOf(polite), new RegExp(`^HTTP/1.1 ${status} [^]*close`))
    const rude = await silent()
    rude.pause().write(`${header}\r\n\r\n`)
    await goOn(rude, words)
    assert.equal(seen.pieces, 0)
    const [, end] = ours as [Socket, Socket]
    assert.ok(end.destroyed)
    assert.ok(end.bytesRead <= 2 * AT_MOST, `${end.bytesRead} bytes were read`)
  })

test('content that its answer did not wait for is not read on, and the connection ends', async t => {
  const seen = parsed(t)
  const { silent, ours } = await openedDoor(t, app())
  const rude = await silent()
  rude.pause().write('POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n')
  while (rude.bytesRead === 0 && (ours[0]?.bytesWritten ?? 0) === 0) await turn()
  await goOn(rude, 'y')
  assert.ok(seen.pieces <= 5, `${seen.pieces} pieces`)
  const [end] = ours as [Socket]
  assert.ok(end.destroyed)
  assert.ok(end.bytesRead <= 3 * AT_MOST, `${end.bytesRead} bytes were read`)
})

test('a client whose content comes after the answer to it reads that answer, and that it is the last', async t => {
  const { silent } = await openedDoor(t, app())
  for (const length of [1, 200_000]) {
    const client = await silent()
    client.write(`POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)
    const all = allOf(client)
    client.write('y'.repeat(length))
    assert.match(await all, /^HTTP\/1.1 200 OK[^]*Connection: close[^]*not read$/i)
    assert.equal(client.errored, null)
  }
})

test('a client that is refused, and neither goes on nor goes away, is ended in two seconds', async t => {
  const { silent, ours } = await openedDoor(t, app())
  const client = await silent()
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  client.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  client.allowHalfOpen = true
  const [answer] = (await once(client, 'data')) as [Buffer]
  assert.match(String(answer), /^HTTP\/1.1 411 /)
  const [end] = ours as [Socket]
  for (let i = 0; i < 20; i++) await turn()
  assert.ok(!end.destroyed)
  mock.timers.tick(2000)
  assert.ok(end.destroyed)
})

test('16 KB that come byte by byte are kept in one or two pieces, and answered', async t => {
  const seen = parsed(t)
  const { silent, ours } = await openedDoor(t, app())
  const client = await silent()
  const length = 16 * 1024
  client.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)
  while (seen.requests === 0) await turn()
  const [end] = ours as [Socket]
  // As if each came in a segment of its own.
  for (let i = 0; i < length; i++) end.emit('data', Buffer.from('y'))
  assert.ok(seen.pieces <= 2, `${seen.pieces} pieces`)
  const [answer] = (await once(client, 'data')) as [Buffer]
  assert.match(String(answer), /^HTTP\/1.1 200 [^]*16384$/)
})

test('more than one line end before a request ends the connection', async t => {
  const seen = parsed(t)
  const { silent, ours } = await openedDoor(t, app())
  const client = await silent()
  client.write(`\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n`)
  await once(client, 'data')
  client.write('\r\n\r')
  await once(client, 'close')
  assert.ok(ours[0]?.destroyed)
  assert.equal(seen.requests, 1)
})

test('what asks for another protocol is answered in this one, and that is the last answer', async t => {
  const { silent } = await openedDoor(t, app())
  const client = await silent()
  client.write(
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, keep-alive\r\nUpgrade: h2c\r\n\r\n`,
  )
  const [answer] = (await once(client, 'data')) as [Buffer]
  assert.match(String(answer), /^HTTP\/1.1 200 [^]*\r\nconnection: close\r\n[^]*read$/i)
  await once(client, 'close')
})

test('a header that goes on for ever is read no further than 16 KB, also where Node’s parser takes it', async t => {
  const { silent, ours } = await openedDoor(t, app())
  const client = await silent()
  client.write('GET / HTTP/1.1\r\nHost: x\r\n')
  const closed = once(client, 'close')
  let sent = 0
  for (; sent < 1000 && !ours[0]?.destroyed; sent++) {
    client.write(`X: ${'y'.repeat(95)}\r\n`)
    await new Promise(resolve => setImmediate(resolve))
  }
  await closed
  assert.ok(sent < 400, `${sent} lines of 100 bytes`)
})

test('the end of a header is looked for in 16 KB', () => {
  const header = new HeaderEnd()
  const line = Buffer.from(`${'y'.repeat(98)}\r\n`)
  let lines = 0
  for (; !header.isTooLong && lines < 1000; lines++) header.sizeIn(line)
  assert.equal(lines, 164)
})
