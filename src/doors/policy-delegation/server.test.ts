import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { accepted, settled } from '../../../test/support/untaken.ts'
import { ACCEPT } from '../../model/verdict.ts'
import { commandTurns } from '../../wire/command-turns.ts'
import { UNTAKEN } from '../../wire/read-on.ts'
import { openPolicyDoor } from './server.ts'

const ASKED = 100_000
const REQUEST = 'request=smtpd_access_policy\n\n'
const ANSWER = 'action=DUNNO\n\n'

async function opened(t: TestContext): Promise<Socket> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'))
  const place = { address: '', port: 0, socket: join(folder, 'policy'), clients: [] }
  const setup = {
    listener: 'inbound',
    realm: 'main',
    domain: 'isp.example',
    skipRules: [],
  } as const
  const door = await openPolicyDoor(
    { ...place, ...setup, countAt: 'end-of-message' },
    {
      engine: { judge: () => ({ verdict: ACCEPT }), report: () => undefined },
      now: () => 0,
      turns: commandTurns(),
      trouble: error => assert.fail(String(error)),
    },
  )
  const client = connect(place.socket)
  t.after(async () => {
    client.destroy()
    await door.close()
    rmSync(folder, { recursive: true })
  })
  await once(client, 'connect')
  return client
}

test('a client that asks without reading is not read any more, and loses nothing', {
  timeout: 60_000,
}, async t => {
  const client = await opened(t)
  client.write(REQUEST.repeat(ASKED))
  const left = async (): Promise<number> => {
    const before = client.writableLength - client.bytesWritten
    await pause(300)
    const now = client.writableLength - client.bytesWritten
    return now === before ? client.writableLength : left()
  }
  assert.ok((await left()) > 0, 'all was read, though no answer was')
  let heard = 0
  client.on('data', chunk => (heard += chunk.length))
  while (heard < ASKED * ANSWER.length) await pause(50)
  assert.equal(heard, ASKED * ANSWER.length)
})

test('nor in the middle of what was read from it', async t => {
  const { sockets, stop } = accepted()
  t.after(stop)
  const client = await opened(t)
  while (sockets.length < 1) await pause(1)
  const ours = sockets[0] as Socket
  // A socket that takes nothing.
  ours.cork()
  client.write(REQUEST.repeat(2000))
  const waiting = await settled(() => ours.writableLength)
  assert.ok(waiting > 0 && waiting < 2 * UNTAKEN, `${waiting} bytes of answers wait`)
  let heard = 0
  client.on('data', chunk => (heard += chunk.length))
  ours.uncork()
  while (heard < 2000 * ANSWER.length) await pause(1)
  assert.equal(heard, 2000 * ANSWER.length)
})

test('a client that asks and closes its side gets its answers', async t => {
  const client = await opened(t)
  client.end(REQUEST.repeat(3000))
  let heard = 0
  client.on('data', chunk => (heard += chunk.length))
  await once(client, 'close')
  assert.equal(heard, 3000 * ANSWER.length)
})
