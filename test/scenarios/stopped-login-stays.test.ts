// A login that was stopped for its mail stays stopped while its password is the stolen one.

import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { type EpisodeWorld, episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const LOGIN = 'anna@isp.example'

/** From a new network each time. */
async function thief(world: EpisodeWorld, from: number, most: number) {
  for (let n = 0; n < most; n++) {
    await world.send([`v${from + n}@town${from + n}.example`], SPAM, `198.${(from + n) % 200}.7.66`)
    world.wait(30 * MINUTE)
  }
  return world.verdicts.slice(-most)
}

async function idle(world: EpisodeWorld, days: number) {
  for (let hours = 0; hours < days * 24; hours++) {
    world.wait(HOUR)
    await world.cordon.engine.chores.deadlines(world.now())
  }
}

test('it is refused from new networks on the fifth and the twentieth day, and not after a new password', async () => {
  const world = await episodeWorld({ episodes: 'decide', budgets: shipped.budgets })
  await thief(world, 0, 48)
  assert.equal(world.verdicts.at(-1), 'reject')
  for (const [from, days] of [
    [100, 4],
    [110, 15],
  ] as const) {
    await idle(world, days)
    assert.deepEqual(await thief(world, from, 2), ['reject', 'reject'])
  }
  const from = { realm: 'main', address: '203.0.113.7', port: 4000 }
  const actor = { kind: 'owner', subscriber: 'anna', from } as const
  const order = { kind: 'change-password', login: LOGIN, password: 'a new and long one' } as const
  assert.ok((await world.cordon.engine.command({ actor, at: world.now(), order })).done)
  await world.send(['friend@lake.example'])
  assert.equal(world.verdicts.at(-1), 'accept')
  assert.ok(world.now() > DAY)
  await world.cordon.close()
})
