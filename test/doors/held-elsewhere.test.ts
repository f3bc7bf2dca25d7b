// What another server holds because we said so, from the engine's side of policy service and milter: kept with its queue id, looked at
// again, released, deleted; and what is held at all where nobody could release it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_HOLD } from '../../src/model/decision.ts'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { beside, ID, LIMITS, LOGIN, RECORD, WIDE } from '../support/beside-a-server.ts'
import { NOW } from '../support/small-cordon.ts'

for (const door of ['ask', 'milter'] as const)
  test(`over a limit (${door}): held under its queue id, with when it is looked at again, and released then`, async t => {
    const one = await beside(t)
    assert.equal((await one[door](1)).kind, 'accept')
    assert.equal((await one[door](2)).kind, 'hold')
    const [row] = await one.rows()
    assert.equal(row?.keptAs, ID(2))
    assert.equal(row?.subscriber, 'anna')
    assert.match(row?.why ?? '', /^over-limit: /)
    assert.equal(row?.recipients, door === 'ask' ? 3 : 1)
    assert.equal(row?.subject, door === 'ask' ? '' : 'letter 2')
    await one.cordon.engine.chores.secondLook((row?.due ?? 0) - 1)
    assert.deepEqual(one.orders, [])
    await one.cordon.engine.chores.secondLook(row?.due ?? 0)
    assert.deepEqual(one.orders, [`release ${ID(2)}`])
    assert.deepEqual(await one.rows(), [])
    await one.cordon.engine.idle()
    assert.equal(one.events('held-settled').length, 1)
  })

test('a release that the releaser did not answer is made later, and is not counted twice', async t => {
  const one = await beside(t)
  for (const i of [1, 2]) await one.ask(i)
  const { chores } = one.cordon.engine
  one.away(true)
  await assert.rejects(chores.secondLook(NOW + HOUR + MINUTE), HoldQueueAway)
  one.away(false)
  for (const minutes of [2, 3, 4]) await chores.secondLook(NOW + HOUR + minutes * MINUTE)
  assert.deepEqual(one.orders, [`release ${ID(2)}`])
})

test('asked once more after a restart, the same is held', async t => {
  const one = await beside(t)
  await one.ask(1)
  assert.equal((await one.ask(2)).kind, 'hold')
  assert.equal((await one.ask(2)).kind, 'hold')
  assert.equal((await one.rows()).length, 1)
})

test('without a releaser, or by an id that is used again: over a limit nothing is held, and each cause is told once', async t => {
  const one = await beside(t, { away: true })
  for (const i of [1, 2, 3]) assert.equal((await one.ask(i)).kind, 'accept')
  for (const i of [4, 5]) assert.equal((await one.milter(i)).kind, 'accept')
  one.away(false)
  await one.elsewhere.look(NOW)
  assert.equal((await one.ask(6, { keptAs: '9A7BC1F23D' })).kind, 'accept')
  assert.equal((await one.ask(7)).kind, 'hold')
  await one.cordon.engine.idle()
  const alarms = one.events('alarm-raised').map(event => 'words' in event && event.words)
  assert.equal(alarms.length, 2)
  assert.match(String(alarms[0]), /no releaser answers/)
  assert.match(String(alarms[1]), /ids are short.*enable_long_queue_ids = yes/)
  const observed = one.events('judged').filter(event => 'observed' in event && event.observed)
  assert.equal(observed.length, 5)
})

test('counted at RCPT: held where the message has a name by then, and where it has none it goes', async t => {
  const one = await beside(t)
  const [recipient, recipients] = ['bert@isp.example', []]
  const rcpt = { stage: 'rcpt', recipient, recipients, recipientCount: 1 } as const
  for (let i = 0; i < LIMITS.recipientsPerHour; i++) await one.ask(1, rcpt)
  assert.equal((await one.ask(2, { ...rcpt, keptAs: '' })).kind, 'accept')
  assert.equal((await one.ask(2, rcpt)).kind, 'hold')
  assert.deepEqual(
    (await one.rows()).map(({ keptAs, due }) => [keptAs, due > NOW]),
    [[ID(2), true]],
  )
})

test('with evidence it is held although nobody answers; when the case is released it goes, and what looks like spam waits', async t => {
  const one = await beside(t, { away: true })
  const given = { subject: `login:${LOGIN}`, decision: 'hold', hours: 24, why: 'a test' } as const
  const { engine, ledger } = one.cordon
  const actor = { kind: 'staff', name: 'eva' } as const
  await engine.command({ order: { kind: 'impose', ...given }, actor, at: NOW })
  const recipients = Array.from({ length: 30 }, (_, i) => `victim${i}@elsewhere.example`)
  assert.equal((await one.ask(1, { recipients, recipientCount: 30 })).kind, 'hold')
  assert.match((await one.rows())[0]?.why ?? '', /^evidence/)
  await one.elsewhere.keep({ ...RECORD, id: ID(2), message: 'ours-2', nats: 7 })
  one.held.add(ID(2))
  one.away(false)
  await one.elsewhere.look(NOW)
  const code = ledger.cases.open(`login:${LOGIN}`)?.caseCode ?? ''
  const later = NOW + HOUR
  await engine.command({ order: { kind: 'release', incident: code }, actor, at: later })
  await engine.idle()
  assert.deepEqual(one.orders, [`release ${ID(1)}`])
  const [row] = await one.rows()
  assert.equal(row?.keptAs, ID(2))
  assert.equal(row?.due, NOW + MAX_HOLD)
  // Nobody released it in three days: its sender is told, and it goes.
  await engine.chores.secondLook(NOW + MAX_HOLD)
  assert.deepEqual(one.orders.slice(1), [`delete ${ID(2)}`])
  const letters = await one.cordon.spool.list({})
  assert.ok(letters.some(letter => letter.recipient === LOGIN && letter.sender === ''))
})

test('a thief’s or an infected machine’s mail stays where it is when it falls silent, and its owner and the operator are told', async t => {
  const one = await beside(t, { limits: WIDE })
  const { engine, ledger } = one.cordon
  for (let i = 0; i < 20; i++)
    await one.ask(i, { recipients: [`victim${i}@elsewhere.example`], recipientCount: 1 })
  await engine.idle()
  const waiting = one.held.size
  assert.ok(waiting > 5)
  const found = ledger.cases.open(`login:${LOGIN}`)
  assert.equal(found?.status, 'held')
  assert.ok((found?.sum ?? 0) >= (found?.containAt ?? 0))
  const alarms = one.events('alarm-raised').map(event => 'alarm' in event && event.alarm)
  assert.deepEqual(new Set(alarms), new Set(['mail-waits']))
  const letters = (await one.cordon.spool.list({})).map(({ subject }) => subject)
  assert.match(letters.join(), /^Some of your mail waits for you/)
  assert.equal(letters.length, 1)
  const quiet = NOW + HOUR
  await engine.chores.deadlines(quiet)
  await engine.chores.secondLook(quiet)
  assert.equal(one.orders.length, 0)
  const due = (await one.rows()).map(row => row.due)
  assert.deepEqual(new Set(due), new Set([NOW + MAX_HOLD]))
  // Its owner finds one that they wrote.
  const [mine] = one.held
  await engine.command({
    order: { kind: 'release-message', message: mine ?? '' },
    actor: {
      kind: 'owner',
      subscriber: 'anna',
      from: { realm: 'main', address: '203.0.113.7', port: 1 },
    },
    at: quiet,
  })
  assert.equal(one.orders.join(), `release ${mine}`)
  await engine.chores.secondLook(NOW + MAX_HOLD)
  const deleted = one.orders.filter(order => order.startsWith('delete'))
  assert.equal(deleted.length, waiting - 1)
})

test('letters to one friend on a bad day: the first is to somebody never written to before, and no other', async t => {
  const one = await beside(t, { limits: WIDE })
  const to = (friend: string) => ({ recipients: [friend], recipientCount: 1 })
  let i = 0
  // As many strangers as bring the sum up, and nothing is held yet.
  while ((one.cordon.ledger.cases.open(`login:${LOGIN}`)?.sum ?? 0) <= 4) {
    assert.equal((await one.ask(i, to(`new${i}@elsewhere.example`))).kind, 'accept')
    await one.cordon.engine.idle()
    assert.ok(i++ < 10)
  }
  for (let letter = 0; letter < 6; letter++) {
    assert.equal((await one.ask(i++, to('friend@elsewhere.example'))).kind, 'accept')
    await one.cordon.engine.idle()
  }
  const firsts = one.events('tx-commit').filter(event => {
    const facts = 'facts' in event ? (event.facts as { firstTime?: number }) : {}
    return (facts.firstTime ?? 0) > 0
  })
  assert.equal(firsts.length, i - 5)
})

for (const held of ['send', 'purge'] as const)
  test(`a stolen login is released: the thief’s mail waits, until staff say ${held}`, async t => {
    const one = await beside(t, { limits: WIDE })
    const { engine, ledger } = one.cordon
    const actor = { kind: 'staff', name: 'eva' } as const
    for (let i = 0; i < 20; i++)
      await one.ask(i, { recipients: [`victim${i}@elsewhere.example`], recipientCount: 1 })
    const impose = { kind: 'impose', subject: `login:${LOGIN}`, decision: 'stop-login' } as const
    await engine.command({ order: { ...impose, hours: 24, why: 'a test' }, actor, at: NOW })
    await engine.idle()
    const waiting = one.held.size
    const incident = ledger.cases.open(`login:${LOGIN}`)?.caseCode ?? ''
    const release = (more: object) =>
      engine.command({ order: { kind: 'release', incident, ...more }, actor, at: NOW + HOUR })
    const { text } = await release({})
    await engine.idle()
    assert.equal(one.orders.length, 0)
    assert.match(
      text,
      new RegExp(`${waiting} messages are still held.* --send-held or --purge-held`),
    )
    assert.match((await release({ held })).text, new RegExp(`held: ${waiting} messages are `))
    const word = held === 'send' ? 'release ' : 'delete '
    assert.equal(one.orders.filter(order => order.startsWith(word)).length, waiting)
    assert.equal((await one.rows()).length, 0)
  })

test('what a limit held before the case did is deleted with the rest, and what stays is said with the command for it', async t => {
  const one = await beside(t, { limits: { ...WIDE, recipientsPerHour: 60 } })
  const { engine, ledger } = one.cordon
  const actor = { kind: 'staff', name: 'eva' } as const
  const victims = (i: number) => Array.from({ length: 50 }, (_, n) => `v${i}-${n}@x.example`)
  for (let i = 0; i < 6; i++) await one.ask(i, { recipients: victims(i), recipientCount: 50 })
  await engine.idle()
  const incident = ledger.cases.open(`login:${LOGIN}`)?.caseCode ?? ''
  const rows = await one.rows()
  assert.ok(rows.some(({ why = '', nats }) => why.startsWith('over-limit') && nats > 0))
  await one.elsewhere.keep({ ...RECORD, id: ID(8), message: 'clean', why: 'over-limit', nats: 0 })
  const order = { kind: 'release', incident, held: 'purge' } as const
  const { text } = await engine.command({ order, actor, at: NOW + MINUTE })
  assert.equal(one.held.size, 0)
  assert.match(text, new RegExp(`held: ${rows.length} messages are deleted`))
  assert.match(text, /1 message is still held.*queue list --held --login anna@isp\.example/)
})

test('staff release and delete by Postfix’s id or ours; what cannot be asked is said, and our own mail is not kept by it', async t => {
  const one = await beside(t)
  for (const i of [1, 2, 3]) {
    const why = i === 3 ? { why: 'kept-for-postmaster', nats: 0 } : {}
    await one.elsewhere.keep({ ...RECORD, id: ID(i), message: `ours-${i}`, ...why })
    one.held.add(ID(i))
  }
  assert.equal((await one.order({ kind: 'release-message', message: ID(1) })).done, true)
  assert.equal((await one.order({ kind: 'purge-message', message: 'ours-2' })).done, true)
  assert.deepEqual(one.orders, [`release ${ID(1)}`, `delete ${ID(2)}`])
  one.away(true)
  const outcome = await one.order({ kind: 'purge-message', message: ID(3) })
  assert.equal(outcome.done, false)
  assert.match(outcome.text, /releaser does not answer/)
  assert.equal((await one.rows()).length, 1)
  await assert.rejects(one.cordon.engine.chores.secondLook(NOW + MINUTE), HoldQueueAway)
  one.away(false)
  await one.cordon.engine.chores.secondLook(NOW + MINUTE)
  assert.deepEqual(await one.rows(), [])
})
