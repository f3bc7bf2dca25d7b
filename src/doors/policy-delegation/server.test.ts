import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ACCEPT } from '../../model/verdict.ts'
import { openPolicyDoor } from './server.ts'

const ASKED = 100_000
const REQUEST = 'request=smtpd_access_policy\n\n'
const ANSWER = 'action=DUNNO\n\n'

test('who asks without listening is not heard any more, and loses nothing', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'))
  const place = { address: '', port: 0, socket: join(folder, 'policy'), clients: [] }
  const setup = { listener: 'inbound', realm: 'main', domain: 'isp.example', leave: [] } as const
  const door = await openPolicyDoor(
    { ...place, ...setup, countAt: 'end-of-message' },
    {
      engine: { judge: () => ({ verdict: ACCEPT }) },
      now: () => 0,
      trouble: error => assert.fail(String(error)),
    },
  )
  const client = connect(place.socket)
  await once(client, 'connect')
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
  client.destroy()
  await door.close()
  rmSync(folder, { recursive: true })
})
