// An owner whose mail waits for its window is asked by letter: once a day for all that waits, in their language, and with nothing in it that helps
// a thief who reads the mailbox.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { Counters } from '../../src/ports/counters.ts'
import { CUSTOMERS, type EpisodeWorld, episodeWorld, SPAM } from '../support/episode-world.ts'

const firm = (n: number) => `customer${n}@firm${n}.example`
const many = (n: number, from = 0) => Array.from({ length: n }, (_, i) => firm(from + i))
const pacing = { episodes: 'pace' } as const

/** Time passes in steps of a minute, with its chores; the letters that were put into the queue, as text. */
async function lettersWithin(world: EpisodeWorld, ms: number): Promise<readonly string[]> {
  const found: string[] = []
  for (const end = world.now() + ms; world.now() < end; ) {
    world.wait(5 * MINUTE)
    await world.cordon.engine.chores.askOwners(world.now())
    for (const { message, recipient, sender } of await world.cordon.spool.list({ state: 'queued' }))
      if (sender.startsWith('abuse-desk@')) {
        const chunks: Uint8Array[] = []
        for await (const chunk of await world.cordon.spool.body(message)) chunks.push(chunk)
        found.push(`${recipient}\n${Buffer.concat(chunks).toString()}`)
      }
    await world.pass(1)
  }
  return found
}

test('it is written half an hour after the first waits, once a day for all of it, and to its owner alone', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(20)) await world.send([to], SPAM)
  await world.send(['carla@meadow.example'])
  await world.deliver('smart-host')
  assert.deepEqual(await lettersWithin(world, 25 * MINUTE), [])
  const [letter, ...more] = await lettersWithin(world, HOUR)
  assert.deepEqual(more, [])
  assert.match(letter ?? '', /^anna@isp\.example\n/)
  const waiting = (await world.paced()).length
  assert.match(letter ?? '', new RegExp(`Subject: ${waiting} of your messages wait: was it you\\?`))
  assert.match(letter ?? '', new RegExp(`- ${waiting} messages that a filter takes for spam`))
  for (const to of many(20, 50)) await world.send([to], SPAM)
  await world.deliver('smart-host')
  assert.deepEqual(await lettersWithin(world, 22 * HOUR), [], 'not about each message')
  assert.equal((await lettersWithin(world, 3 * HOUR)).length, 1, 'on the next day, once')
  const told = world.cordon.journal.filter(one => one.kind === 'notice-sent')
  assert.deepEqual(
    told.map(one => [one.subscriber, one.notice]),
    [
      ['anna', 'was-it-you'],
      ['anna', 'was-it-you'],
    ],
  )
  await world.cordon.close()
})

test('it has no link, no code, and does not say what mail that is taken for spam waits for', async () => {
  for (const language of ['en', 'de']) {
    const subscribers = CUSTOMERS.map(one => ({ ...one, language }))
    const world = await episodeWorld({ ...pacing, subscribers })
    for (const to of many(20)) await world.send([to], SPAM)
    await world.deliver('smart-host')
    const [letter = ''] = await lettersWithin(world, HOUR)
    const text = letter.replaceAll(/=\r?\n/g, '').replaceAll(/\s+/g, ' ')
    assert.match(text, language === 'de' ? /Waren Sie das nicht/ : /If it was not you/)
    // A part of it would come back.
    assert.doesNotMatch(text, /need do nothing|nichts zu tun/)
    assert.doesNotMatch(text, /https?:|no more of the kind|nichts mehr|quiet|\b\d{6}\b/i)
    await world.cordon.close()
  }
})

test('mail that has gone within half an hour is not asked about', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(20)) await world.send([to])
  await world.deliver('smart-host')
  await world.pass(28 * MINUTE, MINUTE)
  assert.deepEqual(await world.paced(), [])
  assert.deepEqual(await lettersWithin(world, HOUR), [])
  await world.cordon.close()
})

test('ended between the letter and the note of it, the next Cordon writes no second one', async () => {
  const spool = directSpool()
  const states = memoryStates(new MemoryCounters())
  const inner = new MemoryCounters()
  const ending: Counters = {
    apply: batch => {
      const isNote = batch.mode === 'take' && batch.ops.some(one => one.key.startsWith('asked-of:'))
      if (isNote) throw new Error('ended')
      return inner.apply(batch)
    },
  }
  const shared = { ...pacing, spool, states }
  const first = await episodeWorld({ ...shared, counters: ending, trouble: () => undefined })
  for (const to of many(20)) await first.send([to], SPAM)
  await first.deliver('smart-host')
  first.wait(HOUR)
  await first.cordon.engine.chores.askOwners(first.now())
  const letters = async () =>
    (await spool.list({ state: 'queued' })).filter(one => one.sender.startsWith('abuse-desk@'))
  assert.equal((await letters()).length, 1)
  const next = await episodeWorld({ ...shared, begins: first.now() + MINUTE })
  for (let i = 0; i < 20; i++) {
    await next.cordon.engine.chores.askOwners(next.now())
    next.wait(MINUTE)
  }
  assert.equal((await letters()).length, 1)
  await next.cordon.close()
})
