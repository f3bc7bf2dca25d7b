// A releaser that takes connections and says nothing, as where postsuper hangs on a dead disk: it is asked once in a look, and our own mail
// does not wait for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import { HOUR } from '../../src/model/duration.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { ID, RECORD } from '../support/beside-a-server.ts'
import { memoryRecords } from '../support/memory-records.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'
import { message, put, recipient } from '../support/spooled.ts'

test('forty messages are due there, and one of ours: one question, and ours goes in the same look', async t => {
  let asked = 0
  const silent = async () => {
    asked++
    throw new HoldQueueAway('it does not answer')
  }
  const queue = { list: silent, release: silent, remove: silent }
  const at = NOW + 2 * HOUR
  const elsewhere = heldElsewhere({
    records: memoryRecords<HeldRecord>(),
    queue,
    now: () => at,
    passed: () => 0,
  })
  const cordon = await smallCordon(undefined, {}, {}, { elsewhere })
  t.after(cordon.close)
  for (let i = 0; i < 40; i++)
    await elsewhere.keep({ ...RECORD, id: ID(i), message: `m${i}`, nats: 0.5, clean: true })
  const row = recipient('bert@elsewhere.example', {
    due: at - 1,
    why: 'evidence',
    state: 'held',
  })
  const about = { at: NOW, sender: 'anna@isp.example', login: 'anna@isp.example' }
  await put(cordon.spool, message('own', [row], about), Buffer.from('\r\nhello\r\n'))
  const look = cordon.engine.chores.secondLook(at)
  await assert.rejects(look, HoldQueueAway)
  assert.equal(asked, 1)
  assert.deepEqual(await cordon.spool.list({ state: 'held' }), [])
})
