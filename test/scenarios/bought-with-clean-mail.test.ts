// What a bot buys with clean mail before and beside its spam to known people: neither chatter with mailboxes of its own nor mailings that
// reached none make its window wider.

import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { type EpisodeWorld, episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const base = { episodes: 'decide', budgets: shipped.budgets } as const
const KNOWN = Array.from({ length: 600 }, (_, n) => `friend${n}@lake${n}.example`)

const reachedOf = async (world: EpisodeWorld, ms: number, every: number) => [
  ...(await world.deliver('smart-host')),
  ...(await world.pass(ms, every)),
]

test('mailings that a limit holds, so that they reach none, make no room for one that is judged spam', async () => {
  const world = await episodeWorld({ ...base, knows: KNOWN })
  for (let week = 0; week < 4; week++) {
    await world.send(KNOWN, 'Our next meeting')
    await reachedOf(world, 7 * DAY, DAY)
  }
  assert.deepEqual(world.verdicts, ['hold', 'hold', 'hold', 'hold'])
  // The exit's sixty are too few for it, as they are without any mailing.
  await world.send(KNOWN.slice(0, 75), SPAM)
  const reached = await reachedOf(world, DAY, 30 * MINUTE)
  assert.ok(reached.length < 30, `${reached.length}`)
  await world.cordon.close()
})

test('clean chatter beside spam, with two mailboxes of its own, buys a bot nothing', async () => {
  const world = await episodeWorld({ ...base, knows: KNOWN })
  const own = KNOWN.slice(-2)
  const reached = new Set<string>()
  let next = 0
  // A hundred a day of chatter, a day before the first spam and beside it; then seventy-two known people a day.
  for (let hour = 0; hour < 72; hour += 2) {
    for (let i = 0; i < 8; i++) await world.send(own.slice(i % 2).slice(0, 1), 'Good morning')
    if (hour >= 24) for (let i = 0; i < 6; i++) await world.send([KNOWN[next++] ?? ''], SPAM)
    const now = await reachedOf(world, 2 * HOUR, HOUR)
    for (const one of now) if (!own.includes(one)) reached.add(one)
  }
  assert.ok(reached.size <= 25, `${reached.size}`)
  await world.cordon.close()
})
