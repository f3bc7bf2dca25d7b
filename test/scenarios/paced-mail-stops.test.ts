// The window in force and cases: what waits of a sender who is stopped does not go, and a release is no way past the window.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { decoy } from '../support/annas-trouble.ts'
import { episodeWorld, SPAM } from '../support/episode-world.ts'

const firm = (n: number) => `customer${n}@firm${n}.example`
const many = (n: number, of = firm) => Array.from({ length: n }, (_, i) => of(i))
const ANNA = 'anna@isp.example'
const pacing = { episodes: 'pace' } as const

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
  await world.cordon.engine.idle()
  await world.cordon.close()
})

test('evidence that contains its line holds what is paced at once, and does not wait for the next look', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(12)) await world.send([to], SPAM)
  await world.deliver('smart-host')
  const before = (await world.paced()).length
  world.cordon.engine.report(decoy('d1', world.now()))
  await world.cordon.engine.idle()
  assert.equal((await world.paced()).length, 0)
  assert.equal((await world.cordon.spool.list({ state: 'held' })).length, before)
  await world.cordon.engine.idle()
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
  await world.cordon.engine.idle()
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
  await world.cordon.engine.idle()
  await world.cordon.close()
})

test('during a hold clean mail to known people waits beyond its tokens from its first commit on', async () => {
  const friends = many(6, n => `friend${n}@lake.example`)
  const world = await episodeWorld({ ...pacing, knows: friends })
  for (const to of many(12)) await world.send([to], SPAM)
  await world.deliver('smart-host')
  // An hour with so few says nothing by itself: no case might hold these.
  world.wait(2 * HOUR)
  for (const friend of friends) await world.send([friend])
  assert.deepEqual(await world.deliver('smart-host'), friends.slice(0, 4))
  const waiting = (await world.paced()).filter(({ bucket }) => bucket === 'known')
  assert.deepEqual(
    waiting.map(({ recipient }) => recipient),
    friends.slice(4),
  )
  await world.cordon.engine.idle()
  await world.cordon.close()
})

test('what waits while its sender is stopped returns when it expires', async () => {
  const friends = many(8, n => `friend${n}@lake.example`)
  const world = await episodeWorld({ ...pacing, knows: friends })
  for (const to of many(12)) await world.send([to], SPAM)
  for (const friend of friends) await world.send([friend])
  await world.deliver('smart-host')
  const actor = { kind: 'staff', name: 'kim' } as const
  const impose = { kind: 'impose', subject: 'line:anna', decision: 'isolate' } as const
  const order = { ...impose, hours: 300, why: 'a test' } as const
  await world.cordon.engine.command({ actor, at: world.now(), order })
  await world.pass(MINUTE)
  const waiting = (await world.paced()).length
  assert.ok(waiting > 0)
  const reached = await world.pass(6 * DAY, 6 * HOUR)
  assert.deepEqual(await world.paced(), [])
  assert.equal(reached.filter(to => to === ANNA).length, waiting)
  assert.ok(!reached.some(to => friends.includes(to)))
  await world.cordon.engine.idle()
  await world.cordon.close()
})

test('a release by staff begins the episodes of its subject anew: their window is no longer slow', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(12)) await world.send([to], SPAM)
  const x = async () => (await world.cordon.engine.episodes('line:anna', world.now()))?.suspicion
  assert.ok(((await x()) ?? 0) > 1)
  const actor = { kind: 'staff', name: 'kim' } as const
  const impose = { kind: 'impose', subject: 'line:anna', decision: 'hold' } as const
  const order = { ...impose, hours: 1, why: 'a test' } as const
  await world.cordon.engine.command({ actor, at: world.now(), order })
  assert.ok(((await x()) ?? 0) > 1, 'a decision by hand forgives nothing')
  const incident = world.cordon.ledger.cases.open('line:anna')?.id ?? ''
  const release = { kind: 'release', incident } as const
  await world.cordon.engine.command({ actor, at: world.now(), order: release })
  // What is left of this episode adds nothing, and slows no window.
  assert.equal(await x(), 1.5)
  await world.cordon.engine.idle()
  await world.cordon.close()
})
