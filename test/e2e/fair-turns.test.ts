// Who sends thousands of commands at once has a few of them answered in each turn of the loop, so that nobody else waits for all of them.
// Counted in commands and turns; the engine says yes at once, which is the worst that can happen.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openMilterDoor } from '../../src/doors/milter/server.ts'
import { openPolicyDoor } from '../../src/doors/policy-delegation/server.ts'
import { commandTurns, IN_ONE_TURN, OF_ALL } from '../../src/wire/command-turns.ts'
import { type CountingEngine, countingEngine } from '../support/counting-engine.ts'
import { testDoor } from '../support/smtp-door.ts'
import { accepted } from '../support/untaken.ts'

const fail = (error: unknown) => assert.fail(String(error))

/** The most that was judged in one turn of the loop, until so much is judged in all. */
async function mostInOneTurn(seen: CountingEngine, total: number): Promise<number> {
  let most = 0
  while (seen.judged < total) {
    const before = seen.judged
    await new Promise(resolve => setImmediate(resolve))
    most = Math.max(most, seen.judged - before)
  }
  return most
}

async function smtp(t: TestContext) {
  const seen = countingEngine()
  const door = await testDoor('inbound', seen.engine, { trouble: fail })
  const { sockets, stop } = accepted()
  const client = connect(door.port, '127.0.0.1').on('error', () => undefined)
  t.after(async () => {
    stop()
    client.destroy()
    await door.close(0)
  })
  await once(client, 'data')
  return { seen, client, ours: () => sockets[0] as Socket }
}

test('SMTP: thousands of commands at once take many turns', { timeout: 60_000 }, async t => {
  const { seen, client } = await smtp(t)
  client.resume()
  const one = 'MAIL FROM:<a@meadow.example>\r\nRCPT TO:<b@isp.example>\r\nBDAT 0 LAST\r\n'
  client.write(`EHLO a\r\n${one.repeat(3000)}`)
  const most = await mostInOneTurn(seen, 6001)
  assert.ok(most <= 2 * IN_ONE_TURN, `${most} in one turn`)
})

test('SMTP: however many connections pipeline, another one is answered', {
  timeout: 60_000,
}, async t => {
  const seen = countingEngine()
  const door = await testDoor('inbound', seen.engine, { trouble: fail })
  const greeted = async () => {
    const client = connect(door.port, '127.0.0.1').on('error', () => undefined)
    await once(client, 'data')
    return client
  }
  const crowd = await Promise.all(Array.from({ length: 100 }, greeted))
  const person = await greeted()
  t.after(async () => {
    for (const client of [...crowd, person]) client.destroy()
    await door.close(0)
  })
  const one = 'MAIL FROM:<a@meadow.example>\r\nRCPT TO:<b@isp.example>\r\nBDAT 0 LAST\r\n'
  for (const client of crowd) client.resume().write(`EHLO a\r\n${one.repeat(300)}`)
  const most = await mostInOneTurn(seen, 5000)
  assert.ok(most <= 2 * OF_ALL, `${most} in one turn`)
  const before = seen.judged
  person.write('NOOP\r\n')
  await once(person, 'data')
  assert.ok(seen.judged - before <= 6 * OF_ALL, `${seen.judged - before} were judged meanwhile`)
})

test('SMTP: replies to what came together are written together', async t => {
  const { client, ours } = await smtp(t)
  let writes = 0
  for (const name of ['_write', '_writev'] as const) {
    const write = Socket.prototype[name] as (...given: unknown[]) => void
    Object.assign(ours(), {
      [name](this: Socket, ...given: unknown[]) {
        writes++
        write.apply(this, given)
      },
    })
  }
  client.write('NOOP\r\n'.repeat(30))
  let heard = 0
  for await (const chunk of client) {
    heard += (chunk as Buffer).length
    if (heard >= 30 * '250 2.0.0 Ok\r\n'.length) break
  }
  assert.ok(writes <= 2, `${writes} writes`)
})

const SETUP = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  skipRules: [],
} as const

/** The milter or the policy service on a Unix socket; clients of it that do read. */
async function beside(t: TestContext, which: 'milter' | 'policy', seen = countingEngine()) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-beside-'))
  const place = { address: '', port: 0, socket: join(folder, which), clients: [], ...SETUP }
  const turns = commandTurns()
  const parts = { engine: seen.engine, now: () => 0, newSessionId: () => 's', trouble: fail, turns }
  const door =
    which === 'milter'
      ? await openMilterDoor({ ...place, maxSize: 1000 }, parts)
      : await openPolicyDoor({ ...place, countAt: 'rcpt' }, parts)
  const clients: Socket[] = []
  t.after(async () => {
    for (const client of clients) client.destroy()
    await door.close()
    rmSync(folder, { recursive: true })
  })
  const client = () => {
    const one = connect(place.socket)
    clients.push(one)
    return one
  }
  return { seen, client }
}

/** Accepted and answered: the kernel lets a client connect before that. */
async function greeted(client: Socket, hello: Buffer): Promise<Socket> {
  client.write(hello)
  await once(client, 'data')
  return client
}

const packet = (text: string) => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(text.length)
  return Buffer.concat([head, Buffer.from(text, 'latin1')])
}
/** SMFIC_OPTNEG of version 6. */
const negotiation = () => packet('O\0\0\0\x06\0\0\0\0\0\0\0\0')
const helos = (count: number) => {
  const helo = packet('Hmx.meadow.example\0')
  return Buffer.concat([
    packet('Cunknown\x004\x00\x19198.51.100.7\0'),
    Buffer.alloc(count * helo.length, helo),
  ])
}
const request = (n: number) =>
  `request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.7\nsender=\nrecipient=b${n}@isp.example\n\n`
const requests = (count: number) =>
  Buffer.from(Array.from({ length: count }, (_, n) => request(n)).join(''))

/** What one request of the policy service asks the engine: connection and greeting, sender, recipient. */
const STEPS = 3

for (const [which, many, hello, steps] of [
  ['milter', helos, negotiation, 1],
  ['policy', requests, () => requests(1), STEPS],
] as const) {
  test(`${which}: thousands at once on one connection take many turns`, {
    timeout: 60_000,
  }, async t => {
    const { seen, client } = await beside(t, which)
    client().resume().write(many(5000))
    const most = await mostInOneTurn(seen, steps * 5000)
    assert.ok(most <= steps * 2 * IN_ONE_TURN, `${most} in one turn`)
  })

  test(`${which}: however many connections pipeline, few are answered in a turn`, {
    timeout: 60_000,
  }, async t => {
    const { seen, client } = await beside(t, which)
    const all = many(300)
    const crowd = await Promise.all(Array.from({ length: 100 }, () => greeted(client(), hello())))
    for (const one of crowd) one.resume().write(all)
    const most = await mostInOneTurn(seen, steps * 100 * 300)
    assert.ok(most <= steps * 2 * OF_ALL, `${most} in one turn`)
  })
}

test('policy: who asks one thing at a time does not wait behind who pipelines', {
  timeout: 60_000,
}, async t => {
  const { seen, client } = await beside(t, 'policy')
  const all = requests(300)
  const [postfix, ...crowd] = await Promise.all(
    Array.from({ length: 101 }, () => greeted(client(), requests(1))),
  )
  for (const one of crowd) one.resume().write(all)
  await mostInOneTurn(seen, 1000)
  const before = seen.judged
  postfix?.write(request(0))
  await once(postfix as Socket, 'data')
  assert.ok(
    seen.judged - before <= STEPS * 6 * OF_ALL,
    `${seen.judged - before} were judged meanwhile`,
  )
})

test('policy: an engine that answers later does not take away the turns of others', {
  timeout: 60_000,
}, async t => {
  const later = countingEngine(() => Promise.resolve())
  const { seen, client } = await beside(t, 'policy', later)
  client().resume().write(requests(5000))
  const most = await mostInOneTurn(seen, STEPS * 5000)
  assert.ok(most <= STEPS * 2 * IN_ONE_TURN, `${most} in one turn`)
})
