// A worm writes to the people that its owner knows: what a filter takes for spam reaches few of them, however many a message has.

import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { type EpisodeWorld, episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const base = { episodes: 'decide', budgets: shipped.budgets } as const
const KNOWN = Array.from({ length: 600 }, (_, n) => `friend${n}@lake${n}.example`)

const reachedOf = async (world: EpisodeWorld, ms: number, every = 15 * MINUTE) => [
  ...(await world.deliver('smart-host')),
  ...(await world.pass(ms, every)),
]

/** So many recipients a message, so many messages a day, in eight days. */
async function worm(recipients: number, aDay: number) {
  const world = await episodeWorld({ ...base, knows: KNOWN })
  const reached = new Set<string>()
  for (let n = 0; n < 8 * aDay; n++) {
    const first = (n * recipients) % KNOWN.length
    await world.send(KNOWN.slice(first, first + recipients), SPAM)
    for (const one of await reachedOf(world, DAY / aDay)) reached.add(one)
  }
  await world.cordon.close()
  return reached.size
}

test('a spam a day to a hundred known people reaches ninety of six hundred in eight days at most', async () => {
  assert.ok((await worm(100, 1)) <= 90)
})

test('… and to one known person each, at most two hundred, however they are grouped', async () => {
  for (const [recipients, aDay] of [
    [1, 75],
    [20, 3],
    [60, 1],
  ] as const) {
    const reached = await worm(recipients, aDay)
    assert.ok(reached <= 200, `${recipients} a message, ${aDay} a day: ${reached}`)
  }
})

test('… nor more by the habit that it teaches, or by tokens beside its exit', async () => {
  const tens = await worm(10, 10)
  assert.ok(tens <= 90, `ten of ten: ${tens}`)
  const singles = await worm(1, 20)
  assert.ok(singles <= 140, `twenty of one: ${singles}`)
})

test('… nor by the clean mailings that it sends for weeks: one more than without, and no more', async () => {
  const world = await episodeWorld({ ...base, knows: KNOWN })
  for (let week = 0; week < 4; week++) {
    await world.send(KNOWN.slice(0, 60), 'Our next meeting')
    assert.equal((await reachedOf(world, 7 * DAY, 12 * HOUR)).length, 60)
  }
  const reached = new Set<string>()
  for (let day = 0; day < 8; day++) {
    await world.send(KNOWN.slice(75 * day).slice(0, 75), SPAM)
    for (const one of await reachedOf(world, DAY)) reached.add(one)
  }
  assert.ok(reached.size <= 230, `${reached.size}`)
  await world.cordon.close()
})

test('a choir of sixty whose letter is taken for spam once has it whole within hours, and none returns', async () => {
  const world = await episodeWorld({ ...base, knows: KNOWN })
  await world.send(KNOWN.slice(0, 60), SPAM)
  assert.equal((await reachedOf(world, 2 * HOUR)).length, 60)
  // What else a filter errs about to a friend still leaves, a few a day.
  await world.send(KNOWN.slice(0, 1), SPAM)
  assert.equal((await reachedOf(world, DAY)).length, 1)
  await world.cordon.close()
})
