// Who is a person known: not one who was greeted in bulk an hour ago, and not one whom mail that waits has not reached.

import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const base = { episodes: 'decide', budgets: shipped.budgets } as const
const strangers = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => `v${from + n}@town${from + n}.example`)

test('who is greeted in bulk is no person known two hours later; the day after they are', async () => {
  const spam = async (after: number) => {
    const world = await episodeWorld(base)
    const all = strangers(0, 90)
    await world.send(all.slice(0, 45))
    await world.send(all.slice(45))
    const greeted = [...(await world.deliver()), ...(await world.pass(after, 15 * MINUTE))]
    assert.ok(greeted.length >= 60)
    await world.send(greeted, SPAM)
    const rows = await world.paced()
    const buckets = [...new Set(rows.map(({ bucket }) => bucket))]
    await world.cordon.close()
    return buckets
  }
  assert.deepEqual(new Set(await spam(2 * HOUR)), new Set(['spam-to-new', 'new']))
  assert.deepEqual(await spam(2.1 * DAY), ['spam-to-known'])
})

test('a clean second letter to a person met an hour ago does not wait', async () => {
  const world = await episodeWorld(base)
  await world.send(strangers(0, 16))
  assert.equal((await world.deliver()).length, 16)
  await world.pass(2 * MINUTE, MINUTE)
  await world.send(strangers(0, 16))
  assert.equal((await world.deliver()).length, 16)
  await world.cordon.close()
})

test('whom mail that waits has not reached is no person known: the same again waits behind it', async () => {
  const world = await episodeWorld(base)
  for (const one of strangers(0, 30)) {
    await world.send([one])
    await world.send([one])
  }
  const reached = await world.deliver('smart-host')
  assert.ok(new Set(reached).size <= 17, `${new Set(reached).size}`)
  await world.cordon.close()
})
