// Where a message goes in the end: forwards are followed, copies kept, and no recipient gets it twice.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW, smallCordon } from '../../../test/support/small-cordon.ts'

const FORWARDS = {
  'bob@isp.example': ['Bob@isp.example', 'keep@meadow.example'],
  'all@isp.example': ['Bob@isp.example', 'ANNA@isp.example', 'Keep@meadow.example'],
}

async function targetsOf(recipients: readonly string[]): Promise<readonly string[]> {
  const { engine, spool, close } = await smallCordon(undefined, {}, FORWARDS)
  const draft = await engine.open({
    session: 's',
    listener: 'inbound',
    at: NOW,
    client: { realm: 'main', address: '198.51.100.7', port: 25 },
    tls: false,
    helo: 'mx.meadow.example',
    sender: 'ann@meadow.example',
    recipients,
    extended: true,
    esmtp: {},
  })
  await draft.write(Buffer.from('From: ann@meadow.example\r\nSubject: x\r\n\r\nhello\r\n'))
  assert.equal((await draft.finish()).verdict.kind, 'accept')
  const rows = await spool.list({})
  await close()
  return rows.map(row => row.recipient).sort()
}

test('a forward that names itself keeps a copy and sends one on', async () => {
  assert.deepEqual(await targetsOf(['bob@isp.example']), ['bob@isp.example', 'keep@meadow.example'])
  assert.deepEqual(await targetsOf(['all@isp.example']), [
    'ANNA@isp.example',
    'Bob@isp.example',
    'keep@meadow.example',
  ])
})

test('one address in two spellings gets one copy', async () => {
  assert.deepEqual(await targetsOf(['Anna@isp.example', 'anna@isp.example']), ['Anna@isp.example'])
  const both = ['all@isp.example', 'bob@isp.example', 'BOB@isp.example', 'anna@isp.example']
  assert.equal((await targetsOf(both)).length, 3)
})
