import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadingTurn } from '../ports/readings.ts'
import { readingTurns } from './reading-turns.ts'

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

test('everybody else has a turn of the loop between two readings', async () => {
  const { turns, stop } = loop()
  const readings = readingTurns()
  const at = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      readings.run({ lane: 'rest', from: `${i % 3}` }, async () => turns()),
    ),
  )
  stop()
  assert.equal(new Set(at).size, 50)
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
