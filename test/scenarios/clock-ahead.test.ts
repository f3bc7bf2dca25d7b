// A clock that was a month ahead for one message, and is right again: what waits leaves as if nothing had been.

import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { episodeWorld } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const stranger = (n: number) => `v${n}@town${n}.example`

test('thirty invoices after a month that never was leave on the same day, and none returns', async () => {
  const world = await episodeWorld({ episodes: 'decide', budgets: shipped.budgets })
  world.wait(30 * DAY)
  await world.send([stranger(900)])
  await world.deliver('smart-host')
  world.wait(-30 * DAY)
  for (let n = 0; n < 30; n++) await world.send([stranger(n)])
  const left = [
    ...(await world.deliver('smart-host')),
    ...(await world.pass(6 * HOUR, 15 * MINUTE)),
  ]
  assert.equal(left.length, 30)
  await world.cordon.close()
})

test('what was known of a bot stays known: a clock that goes back opens nothing', async () => {
  const world = await episodeWorld({ episodes: 'decide', budgets: shipped.budgets })
  for (let n = 0; n < 30; n++)
    await world.send([stranger(n)], 'Buy cheap pills now from our wonderful shop')
  const before = (await world.view('line:anna'))?.suspicion ?? 0
  world.wait(-30 * DAY)
  await world.send([stranger(99)], 'Buy cheap pills now from our wonderful shop')
  assert.ok(((await world.view('line:anna'))?.suspicion ?? 0) >= before)
  assert.equal((await world.pass(HOUR, 15 * MINUTE)).filter(one => one === stranger(99)).length, 0)
  await world.cordon.close()
})
