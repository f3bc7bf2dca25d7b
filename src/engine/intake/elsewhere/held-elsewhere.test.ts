// What another server holds, with a hold queue that does as it is told.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../../model/duration.ts'
import { HoldQueueAway } from '../../../ports/hold-queue.ts'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import { heldElsewhere, MOST_HELD } from './held-elsewhere.ts'
import type { HeldRecord } from './held-record.ts'

const ID = '4cXKCk1bC5z3Pl'
const OTHER = '4cXKCk1bC6z3Pm'

const record = (id: string, more: Partial<HeldRecord> = {}): HeldRecord => ({
  id,
  message: `ours-${id}`,
  at: 0,
  sender: 'anna@isp.example',
  login: 'anna@isp.example',
  subscriber: 'anna',
  recipient: 'bert@elsewhere.example',
  recipients: 3,
  subject: '',
  due: HOUR,
  why: 'evidence',
  nats: 4,
  expires: 100 * HOUR,
  ...more,
})

function beside({ held = new Set<string>() }: { readonly held?: Set<string> } = {}) {
  const orders: string[] = []
  let away = false
  let now = 0
  const act = async (order: string, ids: readonly string[]) => {
    if (away) throw new HoldQueueAway('away')
    orders.push(`${order} ${ids.join()}`)
    return new Set(ids.filter(id => held.delete(id)))
  }
  const queue = {
    list: async () => {
      if (away) throw new HoldQueueAway('away')
      return new Set(held)
    },
    release: (ids: readonly string[]) => act('release', ids),
    remove: (ids: readonly string[]) => act('delete', ids),
  }
  let jumped = 0
  const elsewhere = heldElsewhere({
    records: memoryRecords<HeldRecord>(),
    queue,
    now: () => now + jumped,
    passed: () => now,
  })
  const keep = async (one: HeldRecord) => {
    held.add(one.id)
    return elsewhere.keep(one)
  }
  return {
    elsewhere,
    keep,
    held,
    orders,
    later: (ms: number) => (now += ms),
    /** The wall clock only. */
    setClock: (by: number) => (jumped += by),
    goAway: (is: boolean) => void (away = is),
  }
}

test('by its queue id or by ours: listed, deferred, released and deleted, once', async () => {
  const { elsewhere, keep, orders } = beside()
  await keep(record(ID))
  await keep(record(OTHER, { subscriber: 'bert', login: 'bert@isp.example', due: 1 }))
  const ids = async (filter: Parameters<typeof elsewhere.list>[0]) =>
    (await elsewhere.list(filter)).map(row => row.keptAs)
  assert.deepEqual(await ids({}), [OTHER, ID], 'in the order in which they are due')
  assert.deepEqual(await ids({ message: ID }), [ID])
  assert.deepEqual(await ids({ message: `ours-${ID}`, state: 'held' }), [ID])
  assert.deepEqual(await ids({ state: 'queued' }), [])
  assert.deepEqual(await ids({ subscriber: 'anna', dueBefore: HOUR - 1 }), [])
  assert.deepEqual(await ids({ minNats: 5 }), [])
  assert.deepEqual(await ids({ limit: 1 }), [OTHER])
  const after = { due: 1, message: `ours-${OTHER}`, recipient: 'bert@elsewhere.example' }
  assert.deepEqual(await ids({ after }), [ID])
  await elsewhere.change({ message: ID }, { to: 'held', due: 5, why: 'evidence' })
  assert.equal((await elsewhere.list({ message: ID }))[0]?.due, 5)
  assert.equal((await elsewhere.change({ message: ID }, { to: 'queued', due: 0 })).length, 1)
  assert.equal((await elsewhere.change({ message: ID }, { to: 'queued', due: 0 })).length, 0)
  assert.equal((await elsewhere.change({ login: 'bert@isp.example' }, { to: 'gone' })).length, 1)
  assert.deepEqual(orders, [`release ${ID}`, `delete ${OTHER}`])
  assert.deepEqual(await ids({}), [])
})

test('a message that was taken out of that queue by hand is forgotten, one on its way into it is not', async () => {
  const { elsewhere, keep, held, later } = beside()
  await keep(record(ID))
  await keep(record(OTHER))
  held.clear()
  await elsewhere.look(later(15 * MINUTE))
  assert.equal((await elsewhere.list({})).length, 2)
  held.add(OTHER)
  later(1)
  await elsewhere.look(15 * MINUTE + 1)
  assert.deepEqual(
    (await elsewhere.list({})).map(row => row.keptAs),
    [OTHER],
  )
})

test('released by another program: it is not held any more, and no event says that Cordon released it', async () => {
  const { elsewhere, keep, held, later } = beside()
  await keep(record(ID))
  held.clear()
  assert.deepEqual(await elsewhere.change({ message: ID }, { to: 'queued', due: 0 }), [])
  assert.equal((await elsewhere.list({}))[0]?.due, MINUTE, 'it may still be on its way there')
  later(HOUR)
  assert.deepEqual(await elsewhere.change({ message: ID }, { to: 'queued', due: 0 }), [])
  assert.deepEqual(await elsewhere.list({}), [])
})

test('long queue ids were turned off while mail is held: what has a short one now is named, and not forgotten silently', async () => {
  const { elsewhere, keep, held, later } = beside()
  // The names that Postfix 3.7 gave: the inode stays.
  const [was, is] = ['4jbhYq5jDPz1r9', 'C439512F6']
  for (const id of [was, ID, OTHER]) await keep(record(id))
  later(HOUR)
  held.clear()
  for (const id of [is, 'C439512F7', OTHER]) held.add(id)
  assert.deepEqual((await elsewhere.look(HOUR)).renamed, [{ was, is }])
  assert.deepEqual((await elsewhere.look(HOUR)).renamed, [], 'told once')
  assert.deepEqual(
    (await elsewhere.list({})).map(({ keptAs }) => keptAs),
    [OTHER],
  )
})

test('what was never in the queue that the releaser looks at is told, once: the releaser may be of another Postfix', async () => {
  const { elsewhere, keep, held, later } = beside()
  const unseen = async (at: number) => (await elsewhere.look(at)).unseen
  await keep(record(ID))
  await keep(record(OTHER))
  held.delete(ID)
  assert.deepEqual(await unseen(0), [], 'it may be on its way there')
  held.clear()
  later(HOUR)
  assert.deepEqual(await unseen(HOUR), [ID], 'the other was there, and was taken out')
  assert.deepEqual(await unseen(HOUR), [])
  await keep(record(ID))
  held.clear()
  later(HOUR)
  assert.deepEqual(await elsewhere.change({ message: ID }, { to: 'queued', due: 0 }), [])
  assert.deepEqual(await unseen(HOUR), [ID], 'found by a release')
  assert.deepEqual(await elsewhere.list({}), [])
})

test('a server that cannot be asked: all stays, is looked at again soon, and nothing can be released', async () => {
  const { elsewhere, keep, later, goAway } = beside()
  assert.equal(elsewhere.canRelease(ID), false, 'not asked yet')
  await elsewhere.look(0)
  assert.equal(elsewhere.canRelease(ID), true)
  assert.equal(elsewhere.canRelease('9A7BC1F23D'), false, 'a short id is used again')
  assert.equal(elsewhere.canRelease(undefined), false)
  await keep(record(ID))
  goAway(true)
  await assert.rejects(elsewhere.change({ message: ID }, { to: 'gone' }), HoldQueueAway)
  assert.equal(elsewhere.canRelease(ID), false)
  assert.equal((await elsewhere.list({}))[0]?.due, MINUTE)
  await assert.rejects(elsewhere.look(0), HoldQueueAway)
  goAway(false)
  later(MINUTE)
  await elsewhere.look(MINUTE)
  assert.equal((await elsewhere.change({ message: ID }, { to: 'gone' })).length, 1)
})

test('the wall clock is set, forward or back: the last answer is as old as it was, and what was held just now is not forgotten', async () => {
  for (const by of [20 * MINUTE, -4 * HOUR]) {
    const { elsewhere, keep, held, later, setClock } = beside()
    await elsewhere.look(0)
    await keep(record(ID))
    held.delete(ID)
    setClock(by)
    assert.equal(elsewhere.whyNot(ID), undefined, 'the releaser answered just now')
    await elsewhere.look(by)
    assert.equal((await elsewhere.list({})).length, 1, 'it may be on its way there')
    await elsewhere.look(by + later(15 * MINUTE + 1))
    assert.deepEqual(await elsewhere.list({}), [])
  }
})

test('what was held before a restart is forgotten by the wall clock: no other was there', async () => {
  const records = memoryRecords<HeldRecord>()
  await records.change(ID, () => record(ID))
  const queue = {
    list: async () => new Set<string>(),
    release: async () => new Set<string>(),
    remove: async () => new Set<string>(),
  }
  const elsewhere = heldElsewhere({ records, queue, now: () => HOUR, passed: () => 0 })
  await elsewhere.look(15 * MINUTE)
  assert.equal((await elsewhere.list({})).length, 1)
  await elsewhere.look(15 * MINUTE + 1)
  assert.deepEqual(await elsewhere.list({}), [])
})

test('a releaser that was not asked for minutes is not away: it is not known, and no failed question says so', async () => {
  const { elsewhere, later, goAway } = beside()
  await elsewhere.look(0)
  later(5 * MINUTE - 1)
  assert.equal(elsewhere.whyNot(ID), undefined)
  later(1)
  assert.equal(elsewhere.whyNot(ID), 'not asked')
  goAway(true)
  await assert.rejects(elsewhere.look(0), HoldQueueAway)
  assert.equal(elsewhere.whyNot(ID), 'away')
  later(HOUR)
  assert.equal(elsewhere.whyNot(ID), 'away')
  goAway(false)
  await elsewhere.look(0)
  assert.equal(elsewhere.whyNot(ID), undefined)
})

test('no more is held there than is known here; what is known is kept, and a short id fits no message', async () => {
  const { elsewhere, keep } = beside()
  await elsewhere.look(0)
  const name = (i: number) => `4cXKCk1bC5z${i}`
  for (let i = 0; i < MOST_HELD; i++) assert.equal(await keep(record(name(i))), true)
  assert.equal(elsewhere.canRelease(ID), false)
  assert.equal(await keep(record(ID)), false)
  assert.equal(elsewhere.canRelease(name(7)), true)
  assert.equal(await keep(record(name(7), { due: 99 })), true)
  assert.equal((await elsewhere.list({ message: name(7) }))[0]?.due, HOUR, 'as it was')
  assert.equal(await keep(record('9A7BC1F23D')), true)
  assert.deepEqual(await elsewhere.list({ message: '9A7BC1F23D' }), [])
})

test('nothing is configured: it says so', async () => {
  const records = memoryRecords<HeldRecord>()
  const elsewhere = heldElsewhere({ records, queue: undefined, now: () => 0, passed: () => 0 })
  await elsewhere.keep(record(ID))
  assert.equal(elsewhere.canRelease(ID), false)
  await assert.rejects(elsewhere.change({ message: ID }, { to: 'queued', due: 0 }), /postsuper/)
})
