// The window in force (`evidence.episodes: pace`): what is unproven waits in the queue and goes by itself, in order, once; nothing that is
// known waits behind it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { episodeWords } from '../../src/cli/episode-words.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import type { SubjectState } from '../../src/ports/subject-state.ts'
import type { Actor } from '../../src/model/order.ts'
import { episodeWorld, SPAM } from '../support/episode-world.ts'
import { factorOfAnna } from '../support/one-code.ts'
import { shipped } from '../support/shipped.ts'

const firm = (n: number) => `customer${n}@firm${n}.example`
const many = (n: number, of = firm) => Array.from({ length: n }, (_, i) => of(i))
const pacing = { episodes: 'pace' } as const

test('thirty clean invoices to new people: all are taken, some wait, and all go, once and as they came', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(30)) await world.send([to])
  assert.deepEqual(new Set(world.verdicts), new Set(['accept']), '250 is said at once')
  const reached = await world.deliver('smart-host')
  const waiting = await world.paced()
  assert.deepEqual(reached, many(30).slice(0, reached.length))
  assert.ok(reached.length >= 10 && waiting.length === 30 - reached.length, `${reached.length}`)
  assert.deepEqual(
    waiting.map(row => [row.why, row.bucket]),
    waiting.map(() => ['paced', 'new']),
  )
  const last = waiting.at(-1)
  assert.ok(last && last.due > world.now() + 20 * MINUTE, 'it says about when the last leaves')
  const told = world.cordon.journal.filter(one => one.kind === 'mail-paced')
  assert.equal(told.length, waiting.length)
  const later = await world.pass(last.due - world.now() + 15 * MINUTE)
  assert.deepEqual([...reached, ...later], many(30))
  assert.deepEqual(await world.cordon.spool.list({}), [])
  await world.cordon.close()
})

test('a bot’s spam to strangers waits, and its owner’s mail to people they know does not', async () => {
  const friends = many(5, n => `friend${n}@lake.example`)
  const world = await episodeWorld({ ...pacing, knows: friends })
  for (const to of many(40)) {
    await world.send([to], SPAM)
    world.wait(10_000)
  }
  const spam = await world.deliver('smart-host')
  assert.ok(spam.length <= 3, `${spam.length} reached`)
  for (const friend of friends) await world.send([friend])
  const clean = await world.deliver('smart-host')
  assert.deepEqual(clean.slice(0, 2), friends.slice(0, 2))
  assert.ok((await world.pass(8 * HOUR, MINUTE)).length < 20)
  await world.cordon.close()
})

test('of one message those whom its sender knows get it first, and nobody twice', async () => {
  const friends = many(4, n => `friend${n}@lake.example`)
  const world = await episodeWorld({ ...pacing, knows: friends })
  for (const to of many(25)) await world.send([to])
  await world.deliver('smart-host')
  await world.send([...friends, 'stranger@hill.example'])
  assert.deepEqual((await world.deliver('smart-host')).toSorted(), friends.toSorted())
  const later = await world.pass(3 * HOUR, MINUTE)
  assert.equal(later.filter(one => one === 'stranger@hill.example').length, 1)
  assert.equal(later.filter(one => friends.includes(one)).length, 0)
  await world.cordon.close()
})

test('twenty at once: no more of them leave than the window has tokens', async () => {
  const world = await episodeWorld(pacing)
  await Promise.all(many(20).map(to => world.submit([to], SPAM)))
  assert.deepEqual(new Set(world.verdicts), new Set(['accept']))
  const reached = await world.deliver('smart-host')
  assert.ok(reached.length <= 2, `${reached.length} reached`)
  assert.equal((await world.paced()).length, 20 - reached.length)
  await world.cordon.close()
})

test('one spam to fifty strangers reaches so many as fifty messages would, and the rest wait', async () => {
  const reachedBy = async (each: number) => {
    const world = await episodeWorld(pacing)
    for (let i = 0; i < 50; i += each) await world.send(many(50).slice(i, i + each), SPAM)
    const { length } = await world.deliver('smart-host')
    assert.equal((await world.paced()).length, 50 - length)
    await world.cordon.close()
    return length
  }
  const whole = await reachedBy(50)
  assert.ok(whole <= 2, `${whole} reached`)
  assert.ok((await reachedBy(10)) <= 2)
  assert.ok((await reachedBy(1)) <= whole)
})

test('a clean message to fifty strangers goes to all, in their order, once', async () => {
  const world = await episodeWorld(pacing)
  await world.send(many(50))
  const reached = await world.deliver('smart-host')
  assert.deepEqual(reached, many(50).slice(0, 16))
  const later = await world.pass(6 * HOUR, MINUTE)
  assert.deepEqual([...reached, ...later], many(50))
  assert.deepEqual(await world.cordon.spool.list({}), [])
  await world.cordon.close()
})

test('a worm that writes to fifty known people an hour reaches at most 75 in three days', async () => {
  const friends = many(300, n => `friend${n}@lake${n}.example`)
  const world = await episodeWorld({ ...pacing, knows: friends })
  let reached = 0
  for (let hour = 0; hour < 72; hour++) {
    const first = (hour * 50) % friends.length
    await world.send(friends.slice(first, first + 50), SPAM)
    reached += (await world.deliver('smart-host')).length
    reached += (await world.pass(HOUR, 15 * MINUTE)).length
  }
  assert.ok(reached > 20 && reached <= 75, `${reached} of 3600`)
  await world.cordon.close()
})

test('its owner, and staff, may send or delete one; others may not', async () => {
  const world = await episodeWorld({ ...pacing, factors: factorOfAnna() })
  for (const to of many(20)) await world.send([to])
  await world.deliver('smart-host')
  const [first, second, third] = await world.paced()
  assert.ok(first && second && third)
  const told = (
    actor: Actor,
    kind: 'release-message' | 'purge-message',
    message: string,
    more = {},
  ) => world.cordon.engine.command({ actor, at: world.now(), order: { kind, message, ...more } })
  const from = { realm: 'main', address: '203.0.113.7', port: 4000 }
  const anna = { kind: 'owner', subscriber: 'anna', from } as const
  const bert = { kind: 'owner', subscriber: 'bert', from } as const
  assert.equal((await told(bert, 'release-message', first.message)).done, false)
  assert.equal((await told(anna, 'release-message', first.message)).done, false)
  const code = { factor: '111111' }
  assert.equal((await told(anna, 'release-message', first.message, code)).done, true)
  assert.equal((await told(anna, 'purge-message', second.message)).done, true)
  assert.equal(
    (await told({ kind: 'staff', name: 'k' }, 'purge-message', third.message)).done,
    true,
  )
  assert.deepEqual(await world.deliver('smart-host'), [first.recipient])
  const later = await world.pass(3 * HOUR, MINUTE)
  assert.ok(!later.includes(first.recipient) && !later.includes(second.recipient))
  await world.cordon.close()
})

test('mail that a limit held is paced when there is room again', async () => {
  const { limits: shippedLimits } = shipped.policy
  const consumer = { ...shippedLimits.consumer, messagesPerHour: 5 }
  const limits = { ...shippedLimits, consumer }
  const world = await episodeWorld({ ...pacing, policy: { ...shipped.policy, limits } })
  for (const to of many(30)) await world.send([to], SPAM)
  await world.deliver('smart-host')
  const held = await world.cordon.spool.list({ state: 'held' })
  assert.ok(held.length > 10, `${held.length}`)
  let reached = 0
  for (let minute = 0; minute < 8 * 60; minute += 5) {
    world.wait(5 * MINUTE)
    await world.cordon.engine.chores.secondLook(world.now())
    reached += (await world.pass(1000)).length
  }
  assert.ok(reached < 15, `${reached} reached in eight hours`)
  await world.cordon.close()
})

test('of spam that waits it is said when it returns, and not that it leaves then', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(40)) {
    await world.send([to], SPAM)
    world.wait(MINUTE)
  }
  const view = await world.view('line:anna')
  assert.ok(view)
  assert.match(episodeWords(view), /judged spam.*the first returns to its sender about/)
  const [waits] = view.waits
  const rows = await world.paced()
  const first = rows[0]?.at ?? 0
  assert.deepEqual([waits?.returns, waits?.until], [true, first + 5 * DAY])
  const last = rows.at(-1)
  assert.equal(last?.due, (last?.at ?? 0) + 5 * DAY, 'each returns after its own time')
  await world.cordon.close()
})

test('while the store of states cannot be read nothing returns, however long; then it goes by its tokens', async () => {
  const inner = memoryStates(new MemoryCounters())
  let isDown = false
  const down = { failed: 'out of order' } as const
  const states: SubjectState = {
    load: keys => (isDown ? down : inner.load(keys)),
    swap: swap => (isDown ? down : inner.swap(swap)),
  }
  const world = await episodeWorld({ ...pacing, states, trouble: () => undefined })
  for (const to of many(40)) await world.send([to])
  const reached = await world.deliver('smart-host')
  const waiting = (await world.paced()).length
  assert.ok(waiting > 0)
  isDown = true
  assert.deepEqual(await world.pass(8 * DAY, HOUR), [])
  assert.equal((await world.paced()).length, waiting)
  isDown = false
  const later = await world.pass(2 * DAY, HOUR)
  assert.deepEqual([...reached, ...later], many(40), 'no report to the sender, and nobody twice')
  await world.cordon.close()
})
