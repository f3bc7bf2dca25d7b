// Mail to the same few people again and again: a helper's, of which a filter misjudges a part, does not wait; a bot's has no clean mail to its
// targets beside it, and waits.

import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { EpisodeMode } from '../../src/model/episode.ts'
import type { EventOf } from '../../src/model/event.ts'
import { episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const friends = (count: number) =>
  Array.from({ length: count }, (_, n) => `friend${n}@lake${n}.example`)

/** A day of twelve hours, `anHour` messages in each of them in turn to so many known people. */
async function day(episodes: EpisodeMode, people: number, isSpam: (message: number) => boolean) {
  const knows = friends(people)
  const world = await episodeWorld({ episodes, budgets: shipped.budgets, knows })
  let left = 0
  for (let i = 0; i < 12 * AN_HOUR; i++) {
    await world.send([knows[i % people] ?? ''], isSpam(i) ? SPAM : 'Good morning')
    if (i % AN_HOUR < AN_HOUR - 1) continue
    left += (await world.deliver('smart-host')).length
    left += (await world.pass(HOUR, 30 * MINUTE)).length
  }
  const { journal } = world.cordon
  const letGo = journal.filter((one): one is EventOf<'mail-let-go'> => one.kind === 'mail-let-go')
  const { length: paced } = journal.filter(one => one.kind === 'mail-paced')
  await world.cordon.close()
  return { left, verdicts: new Set(world.verdicts), letGo, paced }
}
const AN_HOUR = 12

/** More than a day lets go to different people. */
const isMisjudged = (message: number) => message % 5 === 4

test('a helper who writes to one mailbox all day, a fifth of it misjudged: all leaves, and nothing waits', async () => {
  const { left, verdicts, letGo, paced } = await day('decide', 1, isMisjudged)
  assert.equal(left, 12 * AN_HOUR)
  assert.deepEqual(verdicts, new Set(['accept']))
  assert.deepEqual([letGo.length, paced], [28, 0])
  // Replayed, it costs the same.
  assert.equal(new Set(letGo.map(({ person }) => person)).size, 1)
  assert.ok(letGo.every(({ person }) => person !== undefined))
})

test('… and in shadow it is not said that it would wait', async () => {
  const { left, paced } = await day('shadow', 1, isMisjudged)
  assert.deepEqual([left, paced], [12 * AN_HOUR, 0])
})

test('the same from a bot that sends spam to sixteen known people, and little else: most of it waits', async () => {
  const { left, paced } = await day('decide', 16, message => !isMisjudged(message))
  assert.ok(left <= 50, `${left}`)
  assert.ok(paced >= 12 * AN_HOUR - left, `${paced}`)
})
