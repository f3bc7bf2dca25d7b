// What all turns of reading must do. Who goes before whom, and that everybody else is heard between two: src/wire/reading-turns.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readingTurns } from '../../src/wire/reading-turns.ts'

const turn = { lane: 'rest', from: '203.0.113.0/24' } as const

test('one piece at a time, each once, and it is answered with what it found', async () => {
  const readings = readingTurns()
  let under = 0
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      readings.run(turn, async () => {
        assert.equal(++under, 1, 'two at the same time')
        await Promise.resolve()
        under--
        return n
      }),
    ),
  )
  assert.deepEqual(answers, [...Array.from({ length: 50 }).keys()])
})

test('it rejects as the work does, and the next is read', async () => {
  const readings = readingTurns()
  const broken = new Error('broken')
  const [rejected, thrown, next] = await Promise.allSettled([
    readings.run(turn, () => Promise.reject(broken)),
    readings.run(turn, () => {
      throw broken
    }),
    readings.run(turn, async () => 'read'),
  ])
  assert.deepEqual(
    [rejected, thrown].map(one => one.status === 'rejected' && one.reason),
    [broken, broken],
  )
  assert.deepEqual(next, { status: 'fulfilled', value: 'read' })
})

test('when too many wait, the next is deferred and never read; those that wait are', async () => {
  const readings = readingTurns({ room: 2 })
  const read: number[] = []
  const all = Array.from({ length: 9 }, (_, n) => readings.run(turn, async () => read.push(n)))
  const settled = await Promise.allSettled(all)
  const kept = settled.filter(({ status }) => status === 'fulfilled').length
  assert.equal(read.length, kept)
  assert.ok(kept >= 2 && kept < 9, `${kept}`)
  for (const one of settled)
    if (one.status === 'rejected') assert.match(String(one.reason), /too many/)
  assert.equal(await readings.run(turn, async () => 'later'), 'later')
})

test('a few headers wait for nothing; of very many each waits, and each has its turn', async () => {
  const readings = readingTurns()
  const before = Array.from({ length: 8 }, () => readings.header(16_384, () => turn))
  assert.deepEqual(before, Array.from({ length: 8 }))
  const many = Array.from({ length: 500 }, () => readings.header(16_384, () => turn))
  assert.ok(many.filter(Boolean).length > 400)
  for (const one of many) await one
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(
    readings.header(16_384, () => turn),
    undefined,
  )
})
