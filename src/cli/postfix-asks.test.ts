// Doors that answer as Cordon's do, that say nothing, or something else.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { ASKED_DOOR } from '../../test/support/asked-door.ts'
import { openMilterDoor } from '../doors/milter/server.ts'
import { openPolicyDoor } from '../doors/policy-delegation/server.ts'
import { commandTurns } from '../wire/command-turns.ts'
import { ACCEPT } from '../model/verdict.ts'
import { asked, type Protocol } from './postfix-asks.ts'

const PROTOCOLS: readonly Protocol[] = ['milter', 'policy service']
const at = (port: number) => [{ host: '127.0.0.1', port }]

/** A server that does this with every client. */
async function listening(t: TestContext, converse: (socket: Socket) => void): Promise<number> {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    converse(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

test('both of our doors answer, and judge and count nothing for it', async t => {
  const listener = {
    ...ASKED_DOOR,
    maxSize: 1000,
    countAt: 'end-of-message',
  } as const
  const judged: unknown[] = []
  const parts = {
    engine: {
      judge: (step: unknown) => {
        judged.push(step)
        return { verdict: ACCEPT }
      },
      open: () => assert.fail('no message'),
      report: () => undefined,
    },
    now: () => 0,
    newSessionId: () => 's1',
    trouble: (error: unknown) => assert.fail(String(error)),
    turns: commandTurns(),
  }
  const policy = await openPolicyDoor(listener, parts)
  t.after(policy.close)
  const milter = await openMilterDoor(listener, parts)
  t.after(milter.close)
  assert.deepEqual(await asked('policy service', at(policy.port)), { said: 'action=DUNNO' })
  assert.deepEqual(await asked('milter', at(milter.port)), { said: 'milter protocol 6' })
  assert.deepEqual(judged, [])
  const other = [...at(1), ...at(milter.port)]
  assert.deepEqual(await asked('milter', other), { said: 'milter protocol 6' })
})

test('a door that is away, hangs, closes, or speaks otherwise is silent, and says how', async t => {
  const hangs = await listening(t, socket => t.after(() => socket.destroy()))
  const closes = await listening(t, socket => socket.end())
  const other = await listening(t, socket => socket.end('220 mx.example ESMTP\r\n'))
  for (const protocol of PROTOCOLS) {
    const silent = async (port: number, within = 60_000) => {
      const answer = await asked(protocol, at(port), within)
      assert.ok('silent' in answer)
      return answer.silent
    }
    assert.match(await silent(1), /ECONNREFUSED/)
    assert.match(await silent(hangs, 20), /says nothing for 0\.02 s/)
    assert.match(await silent(closes), /closes the connection/)
    assert.match(await silent(other), /another protocol/)
  }
  assert.deepEqual(await asked('milter', []), { silent: 'it is no place' })
})
