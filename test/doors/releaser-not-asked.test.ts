// Cordon has started and the releaser has not said anything yet: whether mail over a limit can be held is not known. It is neither let go
// nor held: the client tries again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import type { Step } from '../../src/model/step.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { beside, ID, LIMITS } from '../support/beside-a-server.ts'
import { memoryRecords } from '../support/memory-records.ts'
import { NOW } from '../support/small-cordon.ts'

for (const way of ['ask', 'milter'] as const)
  test(`${way}: over a limit mail is put off, and is held once the releaser answers; what was put off counts for nothing`, async t => {
    const one = await beside(t, { asked: false })
    assert.equal((await one[way](1)).kind, 'accept')
    for (const i of [2, 3]) {
      const verdict = await one[way](i)
      assert.deepEqual(verdict, { kind: 'defer', reason: 'try-later' })
    }
    assert.equal(one.events('alarm-raised').length, 0, 'that it is away is not known')
    assert.equal(one.events('tx-commit').length, 1)
    assert.deepEqual(deferred(one), ['releaser', 'releaser'], 'each is told')
    await one.elsewhere.look(NOW)
    assert.equal((await one[way](2)).kind, 'hold')
    assert.ok(one.elsewhere.get(ID(2)))
  })

test('at RCPT, where it is counted there', async t => {
  const one = await beside(t, { asked: false })
  const recipient = 'bert@isp.example'
  const rcpt: Partial<Step> = { stage: 'rcpt', recipient, recipients: [], recipientCount: 1 }
  for (let i = 0; i < LIMITS.recipientsPerHour; i++) await one.ask(1, rcpt)
  assert.deepEqual(await one.ask(2, rcpt), { kind: 'defer', reason: 'try-later' })
  assert.deepEqual(deferred(one), ['releaser'])
})

const deferred = (one: Awaited<ReturnType<typeof beside>>) =>
  one.cordon.journal.flatMap(event =>
    event.kind === 'judged' && event.verdict === 'defer' && event.reason === 'try-later'
      ? [/releaser/.exec(event.found ?? '')?.[0]]
      : [],
  )

test('the first question failed: it is away, and mail goes, as the operator is told', async t => {
  const one = await beside(t, { asked: false, away: true })
  await one.ask(1)
  await one.elsewhere.look(NOW).catch(() => undefined)
  assert.equal((await one.ask(2)).kind, 'accept')
  await one.cordon.engine.idle()
  assert.equal(one.events('alarm-raised').length, 1)
})

test('a releaser that is slow is asked by one connection, however many want to know', async () => {
  let asked = 0
  const slow = Promise.withResolvers<ReadonlySet<string>>()
  const queue = {
    list: () => {
      asked++
      return slow.promise
    },
    release: async () => new Set<string>(),
    remove: async () => new Set<string>(),
  }
  const elsewhere = heldElsewhere({
    records: memoryRecords<HeldRecord>(),
    queue,
    now: () => NOW,
    passed: () => 0,
  })
  const looks = [1, 2, 3].map(() => elsewhere.look(NOW))
  assert.equal(asked, 1)
  assert.equal(elsewhere.whyNot(ID(1)), 'not asked')
  slow.reject(new HoldQueueAway('it does not answer'))
  for (const look of looks) await assert.rejects(look, HoldQueueAway)
  assert.equal(elsewhere.whyNot(ID(1)), 'away')
})
