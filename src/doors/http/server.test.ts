import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { Hono } from 'hono'
import { openedDoor, parsed, turn } from '../../../test/support/http-door.ts'
import { AT_MOST, settled } from '../../../test/support/untaken.ts'
import type { Event } from '../../model/event.ts'
import { type ConsoleParts, consoleApp } from './console-app.ts'

/** A console with nothing but its live page; `seen` counts what was written out for viewers. */
function live() {
  const listeners = new Set<(event: Event) => void>()
  const seen = { written: 0 }
  const reading = {
    listen: (listener: (event: Event) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const event = {
    toJSON: () => {
      seen.written++
      return { filler: 'x'.repeat(10_000) }
    },
  } as unknown as Event
  const tell = () => {
    for (const listener of listeners) listener(event)
  }
  return { app: consoleApp({ reading } as unknown as ConsoleParts), listeners, seen, tell }
}

test('a further request before the answer to the first ends the connection', async t => {
  let asked = 0
  const app = new Hono()
  app.get('/', context => {
    asked++
    return context.text('x'.repeat(100_000))
  })
  const { client } = await openedDoor(t, app)
  const pipelining = await client('/', 1000)
  await once(pipelining.resume(), 'close')
  assert.ok(asked <= 1, `${asked} were worked on`)
})

const GET = 'GET / HTTP/1.1\r\nHost:x\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello'
/** The end of such a header comes in two pieces, wherever they are cut. */
const LONG = (of: number) => `GET / HTTP/1.1\r\nHost:x\r\nX: ${'y'.repeat(of)}\r\n\r\n`
for (const [what, first, more] of [
  ['requests', '', GET],
  ['requests after a body', POST, GET],
  ['requests after a line end', `${GET}\r\n\r\n`, GET],
  ...Array.from({ length: 8 }, (_, at) => [
    `requests after ${990 + at} bytes`,
    LONG(990 + at),
    GET,
  ]),
  ['requests that name no host', '', 'GET / HTTP/1.1\r\n'],
  ['requests that expect what is not', '', `${GET}Expect: x\r\n`],
  ['requests that wait for a word', '', `${GET}Expect: 100-continue\r\n`],
  ['requests for another protocol', '', `${GET}Connection: upgrade\r\nUpgrade: h2c\r\n`],
] as const)
  test(`60 KB of ${what} in one write make one of them`, async t => {
    const seen = parsed(t)
    const app = new Hono()
    app.all('/', context => context.text('x'))
    const { silent } = await openedDoor(t, app)
    const client = await silent()
    client.write(first + `${more}\r\n`.repeat(60_000 / (more.length + 2)))
    await once(client.resume(), 'close')
    assert.equal(seen.requests, 1)
  })

test('a body that comes with its header, in pieces or with a line end too many is read whole', async t => {
  const app = new Hono()
  app.post('/', async context => context.text(`${(await context.req.text()).length}`))
  const { silent } = await openedDoor(t, app)
  const client = await silent('127.0.0.1')
  const body = '\n\r\n'.repeat(10_000)
  for (const end of ['', '\r\n', '']) {
    const length = `Content-Length: ${body.length}`
    client.write(`POST / HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n${body}${end}`)
    const [answer] = (await once(client, 'data')) as [Buffer]
    assert.match(String(answer), /^HTTP\/1.1 200 [^]*30000$/)
  }
})

async function answered(client: Socket) {
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [answer] = (await once(client, 'data')) as [Buffer]
  return String(answer).split(' ')[1]
}

test('one address has fifty connections, of which the oldest idle one makes room; no other address loses one', async t => {
  const app = new Hono()
  app.get('/', context => context.text('yes'))
  const { silent, ours } = await openedDoor(t, app, { proxies: ['127.0.0.4'] })
  const other = await silent('127.0.0.3')
  const many = []
  for (let i = 0; i < 50; i++) many.push(await silent('127.0.0.2'))
  while (ours.length < 51) await turn()
  assert.ok(ours.every(socket => !socket.destroyed))
  const next = await silent('127.0.0.2')
  await once((many[0] as Socket).resume(), 'close')
  assert.equal(await answered(next), '200')
  assert.equal(await answered(other), '200')
  assert.equal(ours.filter(socket => !socket.destroyed).length, 51)
  // Proxies and this machine are many.
  for (let i = 0; i < 60; i++) await silent(i % 2 ? '127.0.0.4' : '127.0.0.1')
  for (let i = 0; i < 60; i++) await silent(i % 2 ? '127.0.0.1' : '127.0.0.4')
  while (ours.length < 172) await turn()
  assert.equal(ours.filter(socket => !socket.destroyed).length, 171)
})

test('an address that has fifty answers under way gets no further connection until one is written', async t => {
  const app = new Hono()
  app.post('/', async context => context.text(await context.req.text()))
  const { silent } = await openedDoor(t, app)
  const busy = []
  for (let i = 0; i < 50; i++) {
    const one = await silent('127.0.0.2')
    // The answer waits for a byte.
    one.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n',
    )
    await once(one, 'data')
    busy.push(one)
  }
  await once((await silent('127.0.0.2')).resume(), 'close')
  const gone = busy.map(one => once(one.end('x'), 'close'))
  await Promise.all(gone)
  assert.equal(await answered(await silent('127.0.0.2')), '404')
})

test('one request after the other is answered on one connection', async t => {
  const app = new Hono()
  app.get('/', context => context.text('yes'))
  const { client, ours } = await openedDoor(t, app)
  const polite = await client('/')
  for (let i = 0; i < 5; i++) {
    const [answer] = (await once(polite, 'data')) as [Buffer]
    assert.match(String(answer), /200 OK[^]*yes$/)
    polite.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  }
  assert.equal(ours.length, 1)
})

test('live view: a client that does not read is written to no further, and ended; a client that only waits is not', async t => {
  const { app, listeners, seen, tell } = live()
  const { client, ours } = await openedDoor(t, app)
  await client('/live')
  while (listeners.size < 1) await turn()
  const [stuck] = ours as [Socket]
  // All that a viewer may lag behind, many times.
  for (let i = 0; i < 20_000 && stuck.writableLength === 0; i++) {
    tell()
    await turn()
  }
  for (let i = 0; i < 3000; i++) tell()
  const written = await settled(() => seen.written)
  for (let i = 0; i < 3000; i++) tell()
  assert.equal(await settled(() => seen.written), written)
  assert.ok(stuck.writableLength < AT_MOST, `${stuck.writableLength} bytes wait`)
  stuck.emit('timeout')
  assert.ok(stuck.destroyed)
  while (listeners.size > 0) await turn()
  await client('/live')
  while (listeners.size < 1) await turn()
  const quiet = ours.at(-1) as Socket
  quiet.emit('timeout')
  assert.ok(!quiet.destroyed)
})

test('live view: fifty look on at once, and there is room again when they go', async t => {
  const { app, listeners } = live()
  const { client } = await openedDoor(t, app)
  const asked = async (path: string) => {
    const one = await client(path)
    const [answer] = (await once(one, 'data')) as [Buffer]
    return { one, status: String(answer).split(' ')[1] }
  }
  for (let i = 0; i < 100; i++)
    assert.equal((await app.request('/live', { method: 'HEAD' })).status, 200)
  const viewers = []
  for (let i = 0; i < 50; i++) viewers.push(await asked('/live'))
  assert.ok(viewers.every(({ status }) => status === '200'))
  assert.equal((await asked('/live')).status, '503')
  viewers[0]?.one.destroy()
  while (listeners.size > 49) await turn()
  assert.equal((await asked('/live')).status, '200')
})

test('a form that is cut off in the middle is told nowhere; what fails in the app is, with what was asked', async t => {
  const told: string[] = []
  const printed = t.mock.method(console, 'error', () => undefined)
  const app = new Hono()
    .post('/', async context => context.json(await context.req.parseBody()))
    .get('/broken', () => Promise.reject(new Error('of ours')))
  app.route(
    '/sub',
    consoleApp({
      command: async () => ({ done: true, text: '' }),
      trouble: (_: unknown, about: string) => void told.push(about),
    } as unknown as ConsoleParts),
  )
  const { silent, client, ours } = await openedDoor(t, app, {
    trouble: (error, about) => void told.push(`${about}: ${String(error)}`),
  })
  const form = 'Content-Type: application/x-www-form-urlencoded'
  const json = 'Content-Type: application/json'
  for (const head of [`/ HTTP/1.1\r\n${form}`, `/sub/api/v1/orders/impose HTTP/1.1\r\n${json}`])
    for (const leaves of ['resetAndDestroy', 'end'] as const) {
      const cut = await silent()
      cut.write(`POST ${head}\r\nHost: x\r\nContent-Length: 100\r\n\r\na=b&`)
      while (ours.every(socket => socket.destroyed || socket.bytesRead === 0)) await turn()
      cut[leaves]()
      while (ours.some(socket => !socket.destroyed)) await turn()
      await turn()
    }
  assert.equal(ours.length, 4)
  assert.deepEqual(told, [])
  const [answer] = (await once(await client('/broken'), 'data')) as [Buffer]
  assert.match(String(answer), /^HTTP\/1.1 500 [^]*the log has it/)
  assert.deepEqual(told, ['GET /broken: Error: of ours'])
  assert.equal(printed.mock.callCount(), 0)
})
