import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadingTurn } from '../ports/readings.ts'
import { READING_IN_ONE_TURN, readingTurns } from './reading-turns.ts'

/** Counts the turns of the loop until it is stopped. */
function loop() {
  let turns = 0
  let next: NodeJS.Immediate
  const turn = () => {
    turns++
    next = setImmediate(turn)
  }
  next = setImmediate(turn)
  return { turns: () => turns, stop: () => clearImmediate(next) }
}

/** The turns of the loop in which 50 readings are done, each of which takes so many milliseconds. */
async function turnsOfFifty(takes: number, jump = 0) {
  const { turns, stop } = loop()
  let now = 0
  const readings = readingTurns({ steady: () => now })
  const at = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      readings.run({ lane: 'rest', from: `${i % 3}` }, async () => {
        now += takes
        if (i === 20) now += jump
        return turns()
      }),
    ),
  )
  stop()
  return new Set(at).size
}

test('everybody else has a turn of the loop between two long readings', async () => {
  assert.equal(await turnsOfFifty(READING_IN_ONE_TURN), 50)
})

test('short readings share a turn of the loop, until they have taken its time', async () => {
  assert.equal(await turnsOfFifty(READING_IN_ONE_TURN / 10), 5)
})

test('a clock that stands still or goes back lends no more than the readings that wait', async () => {
  assert.equal(await turnsOfFifty(0), 1)
  assert.equal(await turnsOfFifty(READING_IN_ONE_TURN / 10, -1e9), 5)
})

test('of work that cannot be divided one is begun in a turn of the loop, and its end is not waited for', async () => {
  const { turns, stop } = loop()
  const readings = readingTurns()
  const turn: ReadingTurn = { lane: 'rest', from: 'a' }
  const { promise: ended, resolve: end } = Promise.withResolvers<string>()
  const begun: number[] = []
  const all = Array.from({ length: 20 }, () =>
    readings.begin(turn, () => {
      begun.push(turns())
      return ended
    }),
  )
  const readAt = await readings.run(turn, async () => turns())
  assert.equal(new Set(begun).size, 20)
  assert.ok(!begun.includes(readAt), 'nothing is read in such a turn')
  end('checked')
  assert.deepEqual(new Set(await Promise.all(all)), new Set(['checked']))
  stop()
  await assert.rejects(
    readings.begin(turn, () => Promise.reject(new Error('no'))),
    /^Error: no$/,
  )
  assert.equal(await readings.run(turn, async () => 'read'), 'read')
})

test('our own people first, then one from each place', async () => {
  const readings = readingTurns()
  const order: string[] = []
  const read = (lane: ReadingTurn['lane'], from: string) =>
    readings.run({ lane, from }, async () => void order.push(from))
  const flood = Array.from({ length: 50 }, () => read('rest', 'flood'))
  await Promise.all([...flood, read('rest', 'b'), read('rest', 'c'), read('first', 'anna')])
  assert.deepEqual(order.slice(0, 5), ['flood', 'anna', 'flood', 'b', 'c'])
  assert.equal(order.length, 53)
})

test('a reading that fails ends its turn, and one too many is not begun', async () => {
  const readings = readingTurns({ room: 1 })
  const turn: ReadingTurn = { lane: 'rest', from: 'a' }
  const failing = readings.run(turn, () => Promise.reject(new Error('no')))
  const waiting = readings.run(turn, async () => 'read')
  const late = readings.run(turn, () => assert.fail('begun'))
  await Promise.all([
    assert.rejects(failing, /^Error: no$/),
    assert.rejects(late, /too many messages wait/),
  ])
  assert.equal(await waiting, 'read')
})
