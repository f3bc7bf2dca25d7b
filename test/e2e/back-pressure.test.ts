// Who says much and reads nothing: while what we wrote is not taken, nothing more is worked on. What one client can make us keep is
// seen by counters (steps judged, bytes read, replies that wait), not by the memory of the process; nothing is lost when it reads on.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { openMilterDoor } from '../../src/doors/milter/server.ts'
import type { Engine } from '../../src/ports/engine.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import { openDecoys } from '../../src/sensors/decoy/server.ts'
import { UNTAKEN } from '../../src/wire/read-on.ts'
import { countingEngine as fake } from '../support/counting-engine.ts'
import { type DoorOptions, testDoor } from '../support/smtp-door.ts'
import { AT_MOST, accepted, READ, settled } from '../support/untaken.ts'

const fail = (error: unknown) => assert.fail(String(error))
/** More answers than any kernel takes for a client that does not read. */
const MANY = 200_000
/** Commands that carry mail, because of others there is a bound; with long replies. */
const TRANSACTION =
  'EHLO a\r\nMAIL FROM:<a@meadow.example>\r\nRCPT TO:<b@isp.example>\r\nBDAT 0 LAST\r\n'
const TRANSACTIONS = 40_000

/** An SMTP door, a client of it, and our end of the connection. */
async function smtp(t: TestContext, engine: Engine, options: Partial<DoorOptions> = {}) {
  const { sockets, stop } = accepted()
  const door = await testDoor('inbound', engine, { trouble: fail, ...options })
  // It never closes its side by itself.
  const where = { port: door.port, host: '127.0.0.1', allowHalfOpen: true }
  const client = connect(where).on('error', () => undefined)
  t.after(async () => {
    stop()
    client.destroy()
    await door.close(0)
  })
  await once(client, 'connect')
  return { client, ours: () => sockets[0] as Socket, door }
}

/** Reads until so many replies have come, each of them one last line of its own. */
async function replies(client: Socket, wanted: number): Promise<void> {
  let [count, rest] = [0, '']
  client.setEncoding('latin1')
  for await (const text of client) {
    const lines = (rest + text).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line[3] === ' ') count++
    if (count >= wanted) break
  }
  assert.equal(count, wanted)
}

/** Reads until this was said, and no further. */
async function heard(client: Socket, words: string): Promise<void> {
  for (let text = ''; !text.includes(words); ) {
    const [chunk] = (await once(client, 'data')) as [Buffer]
    text += chunk.toString('latin1')
  }
  client.pause()
}

test('SMTP: who reads no replies is not answered for ever, and gets all of them when it reads', {
  timeout: 120_000,
}, async t => {
  const seen = fake()
  const { client, ours } = await smtp(t, seen.engine)
  client.write(TRANSACTION.repeat(TRANSACTIONS))
  const judged = await settled(() => seen.judged)
  assert.ok(judged < 3 * TRANSACTIONS, `all ${judged} were judged, though no reply was read`)
  assert.ok(
    ours().writableLength < UNTAKEN + 1024,
    `${ours().writableLength} bytes of replies wait`,
  )
  await replies(client, 1 + 4 * TRANSACTIONS)
  assert.equal(seen.judged, 3 * TRANSACTIONS)
})

test('SMTP in TLS: the same', { timeout: 120_000 }, async t => {
  const seen = fake()
  const { client } = await smtp(t, seen.engine)
  client.write('EHLO mx.meadow.example\r\nSTARTTLS\r\n')
  await heard(client, 'Go ahead')
  const secured = connectTls({ socket: client, rejectUnauthorized: false })
  await once(secured, 'secureConnect')
  secured.pause().write(TRANSACTION.repeat(TRANSACTIONS))
  const judged = await settled(() => seen.judged)
  assert.ok(judged < 3 * TRANSACTIONS, `all ${judged} were judged, though no reply was read`)
  await replies(secured, 4 * TRANSACTIONS)
  secured.destroy()
})

test('SMTP: after our last word a client that goes on is not waited for', {
  timeout: 30_000,
}, async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { client, ours } = await smtp(t, fake().engine)
  client.write('QUIT\r\n')
  await heard(client, '221')
  assert.ok(!ours().destroyed)
  t.mock.timers.tick(5000)
  assert.ok(ours().destroyed)
})

for (const [when, say, options] of [
  ['before the greeting', '', { greetPause: 60_000 }],
  ['while a step is judged', 'EHLO mx.meadow.example\r\n', {}],
  [
    'while a message is written',
    'EHLO a\r\nMAIL FROM:<a@meadow.example>\r\nRCPT TO:<b@isp.example>\r\nDATA\r\n',
    { maxSize: 100_000_000 },
  ],
  [
    'while a chunk is written',
    'EHLO a\r\nMAIL FROM:<a@meadow.example>\r\nRCPT TO:<b@isp.example>\r\nBDAT 90000000\r\n',
    { maxSize: 100_000_000 },
  ],
] as const) {
  test(`SMTP: who sends much ${when} is not read`, { timeout: 60_000 }, async t => {
    let held: Promise<void> | undefined
    const seen = fake(() => held)
    const { client, ours } = await smtp(t, seen.engine, options)
    const judges = say.split('\r\n').filter(line => /^(?:EHLO|MAIL|RCPT)/.test(line)).length
    if (judges === 1) held = new Promise(() => undefined)
    client.write(say)
    client.resume()
    while (seen.judged < judges) await new Promise(resolve => setImmediate(resolve))
    held = new Promise(() => undefined)
    const before = ours()?.bytesRead ?? 0
    client.write(Buffer.alloc(8 * 1024 * 1024, 'x'.repeat(70) + '\r\n'))
    const read = (await settled(() => ours()?.bytesRead ?? 0)) - before
    assert.ok(read < AT_MOST, `${read} bytes were read`)
  })
}

test('SMTP: of who sends many commands at once no more than two reads are taken before their turn', {
  timeout: 60_000,
}, async t => {
  let asked = 0
  const turns = {
    greeted: () => undefined,
    of: () => () => {
      asked++
      return new Promise(() => undefined)
    },
  }
  const { client, ours } = await smtp(t, fake().engine, { turns })
  client.write(Buffer.alloc(4 * 1024 * 1024, 'NOOP\r\n'))
  const read = await settled(() => ours()?.bytesRead ?? 0)
  assert.equal(asked, 1)
  assert.ok(read <= 2 * READ, `${read} bytes were read`)
})

test('SMTP: a message in pieces of one byte is not kept in as many pieces', async t => {
  const seen = fake()
  const { client } = await smtp(t, seen.engine)
  const envelope = 'EHLO a\r\nMAIL FROM:<a@meadow.example>\r\nRCPT TO:<b@isp.example>\r\n'
  client.write(`${envelope}${'BDAT 1\r\nx'.repeat(5000)}BDAT 0 LAST\r\n`)
  await replies(client, 1 + 3 + 5001)
  assert.equal(
    seen.written.reduce((sum, one) => sum + one, 0),
    5000,
  )
  assert.ok(seen.written.length <= 2, `${seen.written.length} pieces`)
})

test('milter: a server that reads no answers is not answered for ever', {
  timeout: 60_000,
}, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-milter-'))
  const seen = fake()
  const { sockets, stop } = accepted()
  const place = { address: '', port: 0, socket: join(folder, 'milter'), clients: [] }
  const setup = {
    listener: 'inbound',
    realm: 'main',
    domain: 'isp.example',
    skipRules: [],
  } as const
  const door = await openMilterDoor(
    { ...place, ...setup, maxSize: 1000 },
    {
      engine: seen.engine,
      now: () => 0,
      newSessionId: () => 's',
      turns: commandTurns(),
      trouble: fail,
    },
  )
  const client = connect(place.socket)
  t.after(async () => {
    stop()
    client.destroy()
    await door.close()
    rmSync(folder, { recursive: true })
  })
  await once(client, 'connect')
  const packet = (letter: string, data: Buffer | string) => {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(data.length + 1)
    head.write(letter, 4, 'latin1')
    return Buffer.concat([head, Buffer.from(data)])
  }
  client.write(packet('C', Buffer.from('unknown\x004\x00\x19198.51.100.7\0', 'latin1')))
  const helo = packet('H', 'mx.meadow.example\0')
  client.write(Buffer.alloc(MANY * helo.length, helo))
  const judged = await settled(() => seen.judged)
  assert.ok(judged < MANY, `all ${judged} were judged, though no answer was read`)
  const [ours] = sockets
  assert.ok((ours?.writableLength ?? 0) < UNTAKEN + 64, `${ours?.writableLength} bytes wait`)
  let heard = 0
  for await (const chunk of client) {
    heard += (chunk as Buffer).length
    if (heard >= 5 * (MANY + 1)) break
  }
  assert.equal(seen.judged, MANY)
})

test('decoys: a bot that reads no answers gets no more of them, and none after the last', async t => {
  const { sockets, stop } = accepted()
  const settings = { addresses: ['127.0.0.1'], port: 0, realm: 'main', name: 'mx.meadow.example' }
  const decoys = await openDecoys(settings, { report: () => undefined, now: () => 0 })
  const client = connect(decoys.ports[0] ?? 0, '127.0.0.1').on('error', () => undefined)
  t.after(async () => {
    stop()
    client.destroy()
    await decoys.close()
  })
  await once(client, 'data')
  const [ours] = sockets as [Socket]
  // Two thousand lines are all it may say, and a kernel takes the answers to them: here it takes none.
  ours.cork()
  client.write('EHLO bot.example\r\n'.repeat(1000))
  await settled(() => ours.writableLength)
  assert.ok(ours.writableLength < UNTAKEN + 256, `${ours.writableLength} bytes wait`)
  client.write('QUIT\r\nNOOP\r\n')
  const ended = replies(client, 1001)
  while (!ours.destroyed) {
    ours.uncork()
    await new Promise(resolve => setImmediate(resolve))
  }
  await ended
})
