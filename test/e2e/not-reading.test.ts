// Who does not take what we write is ended after five minutes, however it goes on saying things, and that is told, on every door. The
// kernel takes more than we write here, so our end is held back with `cork`.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Hono } from 'hono'
import { openHttpDoor } from '../../src/doors/http/server.ts'
import { openMilterDoor } from '../../src/doors/milter/server.ts'
import { openPolicyDoor } from '../../src/doors/policy-delegation/server.ts'
import type { NewEvent } from '../../src/model/event.ts'
import { ACCEPT } from '../../src/model/verdict.ts'
import type { Engine } from '../../src/ports/engine.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import { openDecoys } from '../../src/sensors/decoy/server.ts'
import { endUntaken, NOTICED, PATIENCE, readOn, UNTAKEN } from '../../src/wire/read-on.ts'
import { testDoor } from '../support/smtp-door.ts'
import { accepted } from '../support/untaken.ts'

const fail = (error: unknown) => assert.fail(String(error))
const soon = () => new Promise(resolve => setImmediate(resolve))

function listening(): { readonly engine: Engine; readonly told: NewEvent[] } {
  const told: NewEvent[] = []
  const engine: Engine = {
    judge: () => ({ verdict: ACCEPT }),
    open: async () => Promise.reject(new Error('there is no message here')),
    report: event => void told.push(event),
    command: async () => ({ done: false, text: '' }),
  }
  return { engine, told }
}

/** Says `words` again and again to our end, which takes nothing, until that waits; then time passes. */
async function unheard(
  t: TestContext,
  { client, words }: { readonly client: Socket; readonly words: string },
  sockets: readonly Socket[],
): Promise<void> {
  while (sockets.length === 0) await soon()
  const ours = sockets[0] as Socket
  ours.cork()
  while (!ours.writableNeedDrain && !ours.destroyed) {
    if (client.writableLength < 100_000) client.write(words.repeat(10))
    await soon()
  }
  // What was read is dealt with first.
  while (!ours.destroyed) {
    t.mock.timers.tick(PATIENCE)
    await soon()
  }
}

const toldOf = (told: readonly NewEvent[], door: string) =>
  told.filter(event => event.kind === 'client-not-reading' && event.door === door && event.ended)
    .length

test('who takes a part of it has five minutes more; who takes nothing has not', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const told: string[] = []
  const server = createServer({ highWaterMark: UNTAKEN }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as { port: number }).port, '127.0.0.1').resume()
  const [ours] = (await once(server, 'connection')) as [Socket]
  t.after(() => {
    client.destroy()
    server.close()
  })
  endUntaken(ours, ({ ended }) => told.push(ended ? 'ended' : 'noticed'))
  const say = () => {
    ours.cork()
    ours.write(Buffer.alloc(2 * UNTAKEN))
    readOn(ours)
    readOn(ours)
  }
  say()
  t.mock.timers.tick(NOTICED - 1)
  assert.deepEqual(told, [])
  t.mock.timers.tick(1)
  assert.deepEqual([ours.destroyed, told], [false, ['noticed']])
  t.mock.timers.tick(PATIENCE - NOTICED - 1)
  ours.uncork()
  await once(ours, 'drain')
  say()
  t.mock.timers.tick(PATIENCE - 1)
  assert.deepEqual([ours.destroyed, told], [false, ['noticed']])
  t.mock.timers.tick(1)
  assert.deepEqual([ours.destroyed, told], [true, ['noticed', 'ended']])
})

test('SMTP', { timeout: 60_000 }, async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { engine, told } = listening()
  const { sockets, stop } = accepted()
  const door = await testDoor('inbound', engine, { trouble: fail })
  const client = connect(door.port, '127.0.0.1').on('error', () => undefined)
  t.after(async () => {
    stop()
    client.destroy()
    await door.close(0)
  })
  await once(client, 'data')
  await unheard(t, { client, words: 'EHLO mx.meadow.example\r\n' }, sockets)
  assert.equal(toldOf(told, 'smtp'), 1)
})

const BESIDE = { address: '', port: 0, clients: [] } as const
const SETUP = { listener: 'inbound', realm: 'main', domain: 'isp.example', skipRules: [] } as const

for (const [name, words] of [
  ['policy', 'request=smtpd_access_policy\n\n'],
  ['milter', '\0\0\0\x14Hmx.meadow.example.\0'],
] as const)
  test(name, { timeout: 60_000 }, async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { engine, told } = listening()
    const { sockets, stop } = accepted()
    const folder = mkdtempSync(join(tmpdir(), 'cordon-not-reading-'))
    const place = { ...BESIDE, ...SETUP, socket: join(folder, 'door') }
    const turns = commandTurns()
    const given = { engine, now: () => 0, newSessionId: () => 's', turns, trouble: fail }
    const door =
      name === 'policy'
        ? await openPolicyDoor({ ...place, countAt: 'rcpt' }, given)
        : await openMilterDoor({ ...place, maxSize: 1000 }, given)
    const client = connect(place.socket).on('error', () => undefined)
    t.after(async () => {
      stop()
      client.destroy()
      await door.close()
      rmSync(folder, { recursive: true })
    })
    await once(client, 'connect')
    await unheard(t, { client, words }, sockets)
    assert.equal(toldOf(told, name), 1)
  })

test('decoy', { timeout: 60_000 }, async t => {
  const { engine, told } = listening()
  const { sockets, stop } = accepted()
  const settings = { addresses: ['127.0.0.1'], port: 0, realm: 'main', name: 'mx.meadow.example' }
  const decoys = await openDecoys(settings, { report: engine.report, now: () => 0 })
  const client = connect(decoys.ports[0] ?? 0, '127.0.0.1').on('error', () => undefined)
  t.after(async () => {
    stop()
    client.destroy()
    await decoys.close()
  })
  await once(client, 'data')
  const ours = sockets[0] as Socket
  ours.cork()
  client.write('EHLO bot.example\r\n'.repeat(1000))
  while (!ours.writableNeedDrain) await soon()
  // A decoy waits a minute.
  ours.emit('timeout')
  assert.ok(ours.destroyed)
  assert.equal(toldOf(told, 'decoy'), 1)
})

test('http', { timeout: 60_000 }, async t => {
  let told = 0
  const { sockets, stop } = accepted()
  const app = new Hono().get('/', context => context.text('x'.repeat(100_000)))
  const door = await openHttpDoor(app, { address: '127.0.0.1', port: 0 }, { untaken: () => told++ })
  const client = connect(door.port, '127.0.0.1').on('error', () => undefined)
  t.after(async () => {
    stop()
    client.destroy()
    await door.close()
  })
  await once(client, 'connect')
  while (sockets.length === 0) await soon()
  const ours = sockets[0] as Socket
  ours.cork()
  ours.uncork = () => undefined
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  while (ours.writableLength === 0) await soon()
  ours.emit('timeout')
  assert.equal(told, 1)
  assert.ok(ours.destroyed)
})
