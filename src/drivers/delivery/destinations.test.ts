import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../model/duration.ts'
import { Destinations } from './destinations.ts'

const fine = { answered: true, at: 0, why: '' }
const dead = (at: number) => ({ answered: false, at, why: 'connection refused' })

test('destinations take turns, and a slow one takes only its own places', () => {
  const lines = new Destinations<string>({ atOnce: 10, perDestination: 5 })
  for (let i = 0; i < 50; i++) lines.offer('tarpit', `t${i}`, 0)
  lines.offer('meadow', 'm0', 0)
  lines.offer('copper', 'c0', 0)
  const begun: string[] = []
  for (let next = lines.next(); next; next = lines.next()) begun.push(next.job)
  assert.deepEqual(begun, ['t0', 'm0', 'c0', 't1'])
  lines.offer('meadow', 'm1', 0)
  assert.equal(lines.next()?.job, 'm1')
  assert.equal(lines.active, 5)
  assert.equal(lines.waiting, 48)
})

test('a destination that takes mail gets more at once, up to its limit', () => {
  const lines = new Destinations<number>({ atOnce: 100, perDestination: 4 })
  for (let i = 0; i < 100; i++) lines.offer('meadow', i, 0)
  let most = 0
  for (let round = 0; round < 20; round++) {
    let begun = 0
    while (lines.next()) begun++
    most = Math.max(most, begun)
    for (let i = 0; i < begun; i++) lines.ended('meadow', fine)
  }
  assert.equal(most, 4)
})

test('one that keeps silent is left alone, longer each time, and an answer ends that', () => {
  const lines = new Destinations<number>({ atOnce: 10, perDestination: 4 })
  const tryOnce = (at: number) => {
    lines.offer('gone', 1, 0)
    lines.next()
    lines.ended('gone', dead(at))
  }
  tryOnce(0)
  tryOnce(0)
  assert.equal(lines.silent('gone', 0), undefined)
  tryOnce(0)
  assert.deepEqual(lines.silent('gone', 0), { until: 5 * MINUTE, why: 'connection refused' })
  assert.equal(lines.silent('gone', 5 * MINUTE), undefined)
  tryOnce(5 * MINUTE)
  assert.equal(lines.silent('gone', 5 * MINUTE)?.until, 15 * MINUTE)
  for (let i = 0; i < 20; i++) tryOnce(20 * MINUTE)
  assert.equal(lines.silent('gone', 20 * MINUTE)?.until, 80 * MINUTE)
  lines.offer('gone', 2, 0)
  lines.offer('gone', 3, 0)
  assert.deepEqual(lines.drain('gone'), [2, 3])
  lines.offer('gone', 4, 0)
  lines.next()
  lines.ended('gone', { ...fine, at: 90 * MINUTE })
  assert.equal(lines.silent('gone', 90 * MINUTE), undefined)
})

test('one for which many wait and that answers nothing is stuck, one that is busy is not', () => {
  const lines = new Destinations<number>({ atOnce: 10, perDestination: 2 })
  for (let i = 0; i < 300; i++) {
    lines.offer('tarpit', i, 0)
    lines.offer('smart host', i, 0)
  }
  lines.next()
  lines.next()
  lines.ended('smart host', { ...fine, at: 8000 })
  assert.equal(lines.stuck(250, 9000), undefined)
  assert.equal(lines.stuck(250, 12_000), 'tarpit')
  assert.equal(lines.stuck(400, 12_000), undefined)
})

test('nothing is remembered of a destination that answers and has no mail', () => {
  const lines = new Destinations<number>({ atOnce: 10, perDestination: 4 })
  for (let i = 0; i < 1000; i++) {
    lines.offer(`d${i}`, i, 0)
    assert.equal(lines.next()?.destination, `d${i}`)
    lines.ended(`d${i}`, fine)
  }
  assert.equal(lines.known, 0)
})
