// The window in force (`evidence.episodes: pace`): what is unproven waits in the queue and goes by itself, in order, once; nothing that is
// known waits behind it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import type { Actor } from '../../src/model/order.ts'
import type { SubjectState } from '../../src/ports/subject-state.ts'
import { startReplay } from '../../src/simulation/virtual/replay.ts'
import { memoryLedger } from '../../src/simulation/virtual/virtual-cordon.ts'
import { CUSTOMERS, episodeWorld, LEASES, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const firm = (n: number) => `customer${n}@firm${n}.example`
const many = (n: number, of = firm) => Array.from({ length: n }, (_, i) => of(i))
const ANNA = 'anna@isp.example'
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

test('after a restart all of it waits still, and goes', async () => {
  const shared = { states: memoryStates(new MemoryCounters()), ledger: await memoryLedger() }
  const spool = directSpool()
  const first = await episodeWorld({ ...pacing, ...shared, spool })
  for (const to of many(30)) await first.send([to])
  const reached = await first.deliver('smart-host')
  const waiting = await first.paced()
  await first.cordon.engine.idle()
  const second = await episodeWorld({ ...pacing, ...shared, spool, begins: first.now() })
  assert.deepEqual(await second.paced(), waiting)
  await second.send(['late@hill.example'])
  assert.deepEqual(await second.deliver('smart-host'), [], 'it overtakes none')
  const later = await second.pass(4 * HOUR, MINUTE)
  assert.deepEqual([...reached, ...later], [...many(30), 'late@hill.example'])
  await second.cordon.close()
})

test('what a case stops: mail with evidence is held for the case, and nothing of it goes', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(12)) await world.send([to], SPAM)
  await world.deliver('smart-host')
  const before = await world.paced()
  assert.ok(before.length >= 10)
  const actor = { kind: 'staff', name: 'kim' } as const
  const impose = { kind: 'impose', subject: 'line:anna', decision: 'isolate' } as const
  const order = { ...impose, hours: 24, why: 'a test' } as const
  const imposed = await world.cordon.engine.command({ actor, at: world.now(), order })
  assert.ok(imposed.done, imposed.text)
  await world.deliver('smart-host')
  assert.deepEqual(await world.pass(3 * HOUR, MINUTE), [], 'nothing goes')
  const held = await world.cordon.spool.list({ state: 'held' })
  assert.equal(held.length, before.length)
  assert.match(held[0]?.why ?? '', /^evidence: case .* \(isolated by hand\)$/)
  const incident = world.cordon.ledger.cases.open('line:anna')?.id ?? ''
  await world.cordon.engine.command({
    actor,
    at: world.now(),
    order: { kind: 'release', incident },
  })
  await world.cordon.engine.idle()
  // What a filter takes for spam waits for its owner's word, as all that a case held.
  const later = await world.pass(3 * HOUR, MINUTE)
  assert.deepEqual(
    later.filter(to => to !== ANNA),
    [],
  )
  await world.cordon.close()
})

test('what a case held goes by the window again: a release is no way past it', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(60)) await world.send([to])
  const reached = await world.deliver('smart-host')
  const actor = { kind: 'staff', name: 'kim' } as const
  const impose = { kind: 'impose', subject: 'line:anna', decision: 'hold' } as const
  const order = { ...impose, hours: 1, why: 'a test' } as const
  await world.cordon.engine.command({ actor, at: world.now(), order })
  await world.pass(MINUTE)
  assert.equal((await world.paced()).length, 0)
  const incident = world.cordon.ledger.cases.open('line:anna')?.id ?? ''
  await world.cordon.engine.command({
    actor,
    at: world.now(),
    order: { kind: 'release', incident },
  })
  await world.cordon.engine.idle()
  assert.equal((await world.paced()).length, 60 - reached.length)
  const soon = (await world.pass(MINUTE)).filter(to => to !== ANNA)
  assert.ok(soon.length <= 2, `${soon.length} went at once`)
  const later = (await world.pass(30 * HOUR, 10 * MINUTE)).filter(to => to !== ANNA)
  assert.deepEqual([...reached, ...soon, ...later].toSorted(), many(60).toSorted())
  await world.cordon.close()
})

test('what says nothing for infection waits while its sender is stopped, and goes after that', async () => {
  const friends = many(8, n => `friend${n}@lake.example`)
  const world = await episodeWorld({ ...pacing, knows: friends })
  // A bot in their owner's mail: known people wait, too.
  for (const to of many(12)) await world.send([to], SPAM)
  for (const friend of friends) await world.send([friend])
  const calm = async () =>
    (await world.paced()).filter(({ nats, bucket }) => nats === 0 && bucket === 'known')
  assert.ok((await calm()).length > 0, JSON.stringify(await world.paced()))
  const actor = { kind: 'staff', name: 'kim' } as const
  const impose = { kind: 'impose', subject: 'line:anna', decision: 'isolate' } as const
  const order = { ...impose, hours: 1, why: 'a test' } as const
  await world.cordon.engine.command({ actor, at: world.now(), order })
  await world.deliver('smart-host')
  const waiting = (await calm()).length
  assert.deepEqual(await world.pass(30 * MINUTE, MINUTE), [])
  assert.equal((await calm()).length, waiting)
  world.wait(HOUR)
  await world.cordon.engine.chores.deadlines(world.now())
  assert.ok((await world.pass(30 * HOUR, 10 * MINUTE)).some(one => friends.includes(one)))
  await world.cordon.close()
})

test('its owner, and staff, may send or delete one; others may not', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(20)) await world.send([to])
  await world.deliver('smart-host')
  const [first, second, third] = await world.paced()
  assert.ok(first && second && third)
  const told = (actor: Actor, kind: 'release-message' | 'purge-message', message: string) =>
    world.cordon.engine.command({ actor, at: world.now(), order: { kind, message } })
  const from = { realm: 'main', address: '203.0.113.7', port: 4000 }
  const anna = { kind: 'owner', subscriber: 'anna', from } as const
  const bert = { kind: 'owner', subscriber: 'bert', from } as const
  assert.equal((await told(bert, 'release-message', first.message)).done, false)
  assert.equal((await told(anna, 'release-message', first.message)).done, true)
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

test('what is taken for spam and finds no way in five days returns to its sender, once', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(95)) {
    await world.send([to], SPAM)
    world.wait(MINUTE)
  }
  const reached = await world.pass(7 * DAY, HOUR)
  assert.deepEqual(await world.cordon.spool.list({}), [])
  const letters = reached.filter(to => to === ANNA)
  assert.ok(letters.length > 10, `${letters.length} letters`)
  const expired = world.cordon.journal.filter(
    one => one.kind === 'held-settled' && one.outcome === 'expired',
  )
  assert.equal(letters.length, expired.length)
  await world.cordon.close()
})

test('set to off, what waits goes', async () => {
  const shared = { states: memoryStates(new MemoryCounters()), ledger: await memoryLedger() }
  const spool = directSpool()
  const first = await episodeWorld({ ...pacing, ...shared, spool })
  for (const to of many(30)) await first.send([to])
  const reached = await first.deliver('smart-host')
  const off = await episodeWorld({ episodes: 'off', ...shared, spool, begins: first.now() })
  assert.deepEqual([...reached, ...(await off.pass(MINUTE))], many(30))
  await off.cordon.close()
})

test('a store that fails holds up nothing, and is told of', async () => {
  const failed = async () => ({ failed: 'the disk is gone' })
  const troubles: string[] = []
  const world = await episodeWorld({
    ...pacing,
    states: { load: failed, swap: failed },
    trouble: error => void troubles.push(String(error)),
  })
  await world.send(['one@meadow.example'], SPAM)
  assert.deepEqual(world.verdicts, ['accept'])
  assert.match(troubles.join(), /the disk is gone/)
  assert.deepEqual(await world.deliver('smart-host'), ['one@meadow.example'])
  await world.cordon.close()
})

test('replayed from the journal the records are the same, byte for byte', async () => {
  const states = memoryStates(new MemoryCounters())
  const world = await episodeWorld({ ...pacing, states, knows: ['friend@lake.example'] })
  for (const [n, to] of many(30).entries()) {
    await world.send([to, 'friend@lake.example'], n % 3 === 0 ? SPAM : undefined)
    await world.deliver(n % 4 === 0 ? 'unknown-user' : undefined)
    await world.pass(MINUTE)
  }
  for (const [n, to] of many(20, i => `victim${i}@meadow.example`).entries()) {
    await world.send([to], n % 2 === 0 ? SPAM : undefined, '198.51.100.66')
    await world.pass(3 * MINUTE)
  }
  await world.pass(30 * HOUR, 10 * MINUTE)
  const told = world.cordon.journal.filter(one => one.kind === 'mail-let-go')
  assert.ok(told.some(one => one.byExit) && told.some(one => !one.byExit && one.waited > 0))
  const again = memoryStates(new MemoryCounters())
  const home = { subscribers: CUSTOMERS, leases: LEASES, domains: ['isp.example'], forwards: {} }
  const replay = await startReplay({ ...home, ...shipped, ...pacing, states: again })
  for (const event of world.cordon.journal) await replay.feed(event)
  await replay.end()
  await world.cordon.close()
  const subjects = ['line:anna', 'login:anna@isp.example', 'source:198.51.100.66']
  for (const subject of subjects) {
    const bytes = async (store: SubjectState) => {
      const found = await store.load([`episode:${subject}`])
      return 'states' in found ? Buffer.from(found.states[0]?.bytes ?? []).toString('hex') : ''
    }
    assert.notEqual(await bytes(states), '', subject)
    assert.equal(await bytes(again), await bytes(states), subject)
  }
})
