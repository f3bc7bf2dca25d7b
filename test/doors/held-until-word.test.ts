// Mail that another server holds and that waits for a word: its three days end while Cordon, the releaser or its case is away.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_HOLD } from '../../src/model/decision.ts'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { beside, ID, LOGIN, RECORD, WIDE } from '../support/beside-a-server.ts'
import { NOW } from '../support/small-cordon.ts'

for (const gone of ['closed', 'closed, and another is open', 'not found'] as const)
  test(`what waits for a word is not sent after three days because its case is ${gone}`, async t => {
    const one = await beside(t, { limits: WIDE })
    const { engine } = one.cordon
    if (gone === 'not found') {
      await one.elsewhere.keep({ ...RECORD, id: ID(1), message: 'ours-1' })
      one.held.add(ID(1))
    } else
      for (let i = 0; i < 20; i++)
        await one.ask(i, { recipients: [`victim${i}@elsewhere.example`], recipientCount: 1 })
    await engine.idle()
    const waiting = one.held.size
    assert.ok(waiting > 0)
    // Cordon or the releaser was away when the three days ended, and until the case was forgotten.
    const late = NOW + MAX_HOLD + HOUR
    for (const at of [NOW + HOUR, late]) await engine.chores.deadlines(at)
    assert.equal(one.cordon.ledger.cases.open(`login:${LOGIN}`), undefined)
    if (gone === 'closed, and another is open') {
      await one.ask(30, { at: late, recipients: ['new@elsewhere.example'], recipientCount: 1 })
      await engine.idle()
      assert.ok(one.cordon.ledger.cases.open(`login:${LOGIN}`))
    }
    await engine.chores.secondLook(late)
    assert.deepEqual(
      one.orders.filter(order => order.startsWith('release')),
      [],
    )
    assert.equal(one.orders.length, waiting)
    assert.ok((await one.rows()).every(({ at }) => at === late))
  })

test('a sender is told once that mail was not delivered, however often it cannot be deleted, and by whichever look', async t => {
  const one = await beside(t, { limits: WIDE })
  const { engine, spool } = one.cordon
  for (const i of [1, 2]) {
    await one.elsewhere.keep({ ...RECORD, id: ID(i), message: `ours-${i}`, ledSpam: true })
    one.held.add(ID(i))
  }
  const letters = async () => (await spool.list({})).filter(({ sender }) => sender === '').length
  const end = NOW + MAX_HOLD + MINUTE
  one.away(true)
  for (const _ of [1, 2, 3]) await assert.rejects(engine.chores.secondLook(end), HoldQueueAway)
  assert.equal(await letters(), 2)
  one.away(false)
  await Promise.all([engine.chores.secondLook(end), engine.chores.secondLook(end)])
  assert.equal(await letters(), 2)
  assert.deepEqual(one.orders, [`delete ${ID(1)}`, `delete ${ID(2)}`])
  await engine.idle()
  assert.equal(one.events('held-settled').length, 2)
})
